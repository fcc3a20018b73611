// Initialization, devices, contexts.
#include <cstring>

#include "entry.h"

EXPORT int cuInit(unsigned) {
    return plainCall("cuInit", [&](Device& device) {
        if (device.settings.devices == 0) return (int)NoDevice;
        device.isInitialized = true;
        return (int)Success;
    });
}

EXPORT int cuDriverGetVersion(int* version) {
    return plainCall("cuDriverGetVersion", [&](Device& device) { return *version = device.settings.driverVersion, 0; });
}

EXPORT int cuGetErrorString(int code, const char** text) { return (*text = errorText(code)) ? Success : InvalidValue; }
EXPORT int cuGetErrorName(int code, const char** text) { return (*text = errorName(code)) ? Success : InvalidValue; }

EXPORT int cuDeviceGetCount(int* count) {
    return call("cuDeviceGetCount", [&](Device& device) { return *count = device.settings.devices, 0; });
}

EXPORT int cuDeviceGet(int* device, int ordinal) {
    return call("cuDeviceGet", [&](Device& d) {
        if (ordinal < 0 || ordinal >= d.settings.devices) return (int)InvalidDevice;
        *device = ordinal;
        return 0;
    });
}

EXPORT int cuDeviceGetName(char* name, int length, int) {
    return call("cuDeviceGetName", [&](Device&) {
        strncpy(name, "Emulated CUDA device", length);
        if (length > 0) name[length - 1] = 0;
        return 0;
    });
}

EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int) {
    return call("cuDeviceTotalMem_v2", [&](Device& device) { return *bytes = device.settings.memory, 0; });
}

EXPORT int cuDeviceGetAttribute(int* value, int attribute, int) {
    return call("cuDeviceGetAttribute", [&](Device& device) {
        // By CUdevice_attribute. Clocks and widths are invented: nothing here has a speed.
        static const std::map<int, int> values = {{1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 2147483647}, {6, 65535}, {7, 65535}, {8, 49152}, {9, 65536}, {10, 32}, {11, 2147483647}, {12, 65536},
            {13, 1000000}, {14, 512}, {15, 1}, {16, 4}, {17, 0}, {18, 0}, {19, 1}, {20, 0}, {31, 1}, {32, 0}, {33, 0}, {34, 0}, {35, 0}, {36, 1000000}, {37, 256}, {38, 4194304}, {39, 2048}, {40, 2},
            {41, 1}, {50, 0}, {81, 65536}, {82, 65536}, {83, 0}, {90, 1}, {91, 1}, {125, 0}};
        if (attribute == 75) return *value = device.settings.capability / 10, 0;
        if (attribute == 76) return *value = device.settings.capability % 10, 0;
        auto found = values.find(attribute);
        if (found == values.end()) {
            fprintf(stderr, "CUDA emulator: device attribute %d is not known\n", attribute);
            return (int)InvalidValue;
        }
        *value = found->second;
        return 0;
    });
}

EXPORT int cuDeviceCanAccessPeer(int* canAccess, int, int) {
    return call("cuDeviceCanAccessPeer", [&](Device&) { return *canAccess = 0, 0; });
}

EXPORT int cuDeviceGetP2PAttribute(int*, int, int, int) { return notEmulated("cuDeviceGetP2PAttribute"); }
EXPORT int cuCtxEnablePeerAccess(void*, unsigned) { return notEmulated("cuCtxEnablePeerAccess"); }
EXPORT int cuCtxDisablePeerAccess(void*) { return notEmulated("cuCtxDisablePeerAccess"); }

EXPORT int cuCtxCreate_v2(void** context, unsigned flags, int ordinal) {
    return call("cuCtxCreate_v2", [&](Device& device) {
        if (ordinal < 0 || ordinal >= device.settings.devices) return (int)InvalidDevice;
        auto made = new Context();
        made->device = ordinal;
        made->flags = flags;
        device.contexts.insert(made);
        *context = Device::current() = made;
        return 0;
    });
}

EXPORT int cuCtxDestroy_v2(void* context) {
    return call("cuCtxDestroy_v2", [&](Device& device) {
        if (!holds(device.contexts, context)) return (int)InvalidContext;
        auto own = (Context*)context;
        if (Device::current() == own) Device::current() = nullptr;
        auto error = own->error;
        device.destroy(*own);
        return error;
    });
}

EXPORT int cuCtxSetCurrent(void* context) {
    return call("cuCtxSetCurrent", [&](Device& device) {
        if (context && !holds(device.contexts, context)) return (int)ContextIsDestroyed;
        Device::current() = (Context*)context;
        return 0;
    });
}

EXPORT int cuCtxSynchronize() {
    return contextCall("cuCtxSynchronize", [](Device& device, Context& context) {
        device.flush(context);
        return context.error;
    });
}

EXPORT int cuCtxGetCacheConfig(int* config) {
    return contextCall("cuCtxGetCacheConfig", [&](Device&, Context&) { return *config = 0; });
}
EXPORT int cuCtxSetCacheConfig(int) {
    return contextCall("cuCtxSetCacheConfig", [](Device&, Context&) { return 0; });
}
EXPORT int cuCtxGetSharedMemConfig(int* config) {
    return contextCall("cuCtxGetSharedMemConfig", [&](Device&, Context&) { return *config = 1, 0; });
}
EXPORT int cuCtxSetSharedMemConfig(int) {
    return contextCall("cuCtxSetSharedMemConfig", [](Device&, Context&) { return 0; });
}

// For tests, beside what the driver has: changes a setting ("FAIL", "cuLaunchKernel:700:3"; "" for none).
EXPORT int cudaEmulatorSet(const char* name, const char* value) {
    auto& device = Device::instance();
    std::lock_guard lock(device.gate);
    return device.settings.set(name, value) ? Success : InvalidValue;
}

// For the emulated libraries: counts a call and says how it is to fail, or 0.
EXPORT int cudaEmulatorFail(const char* call) {
    return plainCall(call, [](Device&) { return 0; });
}
