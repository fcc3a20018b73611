// Memory and copies.
#include <cstdlib>
#include <cstring>

#include "entry.h"

namespace {
// What a copy touches on one side.
enum class Side { Device, Pinned, Pageable, Invalid };

Side sideOf(Device& device, uint64_t address, uint64_t bytes) {
    if (device.memory.isDevice(address)) return device.memory.find(address).holds(address, bytes) ? Side::Device : Side::Invalid;
    return device.memory.isPinned(address, bytes) ? Side::Pinned : address ? Side::Pageable : Side::Invalid;
}
}

EXPORT int cuMemGetInfo_v2(size_t* free, size_t* total) {
    return contextCall("cuMemGetInfo_v2", [&](Device& device, Context&) {
        *total = device.settings.memory;
        *free = device.settings.memory - device.memory.used;
        return 0;
    });
}

EXPORT int cuMemAlloc_v2(uint64_t* address, size_t bytes) {
    return contextCall("cuMemAlloc_v2", [&](Device& device, Context& context) {
        if (!bytes) return (int)InvalidValue;
        auto left = (uint64_t)device.settings.memory - std::min<uint64_t>(device.memory.used, device.settings.memory);
        auto at = bytes > left ? 0 : device.memory.allocate(bytes);
        if (!at) return (int)OutOfMemory;
        context.allocations.insert(at);
        *address = at;
        return 0;
    });
}

EXPORT int cuMemFree_v2(uint64_t address) {
    return contextCall("cuMemFree_v2", [&](Device& device, Context& context) {
        if (!address) return 0;
        if (!context.allocations.count(address)) return (int)InvalidValue;
        device.flush(context);
        device.memory.free(address);
        context.allocations.erase(address);
        return context.error;
    });
}

EXPORT int cuMemAllocHost_v2(void** address, size_t bytes) {
    return contextCall("cuMemAllocHost_v2", [&](Device& device, Context& context) {
        if (!bytes) return (int)InvalidValue;
        auto at = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
        if (!at) return (int)OutOfMemory;
        memset(at, 0xFF, bytes);
        device.memory.addHost((uint64_t)at, bytes);
        context.pinned.insert((uint64_t)at);
        *address = at;
        return 0;
    });
}

EXPORT int cuMemFreeHost(void* address) {
    return contextCall("cuMemFreeHost", [&](Device& device, Context& context) {
        if (!context.pinned.count((uint64_t)address)) return (int)InvalidValue;
        device.flush(context);
        device.memory.removeHost((uint64_t)address);
        context.pinned.erase((uint64_t)address);
        free(address);
        return context.error;
    });
}

EXPORT int cuMemHostRegister_v2(void* address, size_t bytes, unsigned) {
    return contextCall("cuMemHostRegister_v2", [&](Device& device, Context& context) {
        if (!address || !bytes) return (int)InvalidValue;
        if (device.memory.isPinned((uint64_t)address, 1)) return 712;  // CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED
        device.memory.addHost((uint64_t)address, bytes);
        context.registered[(uint64_t)address] = bytes;
        return 0;
    });
}

EXPORT int cuMemHostUnregister(void* address) {
    return contextCall("cuMemHostUnregister", [&](Device& device, Context& context) {
        device.flush(context);
        if (!context.registered.erase((uint64_t)address)) return 713;  // CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED
        device.memory.removeHost((uint64_t)address);
        return context.error;
    });
}

EXPORT int cuMemHostGetDevicePointer_v2(uint64_t* result, void* address, unsigned) {
    return contextCall("cuMemHostGetDevicePointer_v2", [&](Device& device, Context&) {
        if (!device.memory.isPinned((uint64_t)address, 1)) return (int)InvalidValue;
        *result = (uint64_t)address;
        return 0;
    });
}

EXPORT int cuPointerGetAttribute(void* result, int attribute, uint64_t address) {
    return contextCall("cuPointerGetAttribute", [&](Device& device, Context&) {
        if (attribute != 2) return notEmulated("cuPointerGetAttribute but for CU_POINTER_ATTRIBUTE_MEMORY_TYPE");
        if (!device.memory.find(address).end) return (int)InvalidValue;
        *(unsigned*)result = device.memory.isDevice(address) ? 2 : 1;
        return 0;
    });
}

EXPORT int cuMemcpyAsync(uint64_t to, uint64_t from, size_t bytes, void* handle) {
    return contextCall("cuMemcpyAsync", [&](Device& device, Context& context) {
        auto stream = device.streamOf(context, handle);
        if (!stream) return (int)InvalidHandle;
        if (!bytes) return 0;
        auto target = sideOf(device, to, bytes), source = sideOf(device, from, bytes);
        if (target == Side::Invalid || source == Side::Invalid) {
            fprintf(stderr, "CUDA emulator: a copy of %zu bytes %s memory that was not allocated\n", bytes, target == Side::Invalid ? "to" : "from");
            return (int)InvalidValue;
        }
        // Pageable memory is read before the call returns, and written before it returns; all else may happen later.
        if (source == Side::Pageable) {
            auto staged = std::make_shared<std::vector<uint8_t>>((uint8_t*)from, (uint8_t*)from + bytes);
            device.enqueue(context, *stream, [=] { memcpy((void*)to, staged->data(), bytes); });
        } else
            device.enqueue(context, *stream, [=] { memmove((void*)to, (const void*)from, bytes); });
        if (target == Side::Pageable) device.flush(context, *stream);
        return context.error;
    });
}

EXPORT int cuMemsetD8Async(uint64_t to, unsigned char value, size_t bytes, void* handle) {
    return contextCall("cuMemsetD8Async", [&](Device& device, Context& context) {
        auto stream = device.streamOf(context, handle);
        if (!stream) return (int)InvalidHandle;
        if (!bytes) return 0;
        if (sideOf(device, to, bytes) == Side::Invalid) return (int)InvalidValue;
        device.enqueue(context, *stream, [=] { memset((void*)to, value, bytes); });
        return 0;
    });
}
