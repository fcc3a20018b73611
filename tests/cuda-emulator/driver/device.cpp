#include "device.h"

#include <cstdio>
#include <cstdlib>

#include "../machine/warp.h"

Device& Device::instance() {
    static auto* device = [] {
        fprintf(stderr, "CUDA emulator: this process runs on an emulated CUDA driver, without a GPU. It says nothing about speed, nor about a real driver.\n");
        return new Device();
    }();
    return *device;
}

Context*& Device::current() {
    static thread_local Context* context = nullptr;
    return context;
}

Range findAllocation(uint64_t address) { return Device::instance().memory.find(address); }

void Device::enqueue(Context& context, Stream& stream, std::function<void()> work) {
    // What the null stream does comes between what blocking streams do before and after.
    if (&stream == &context.null) {
        for (auto other : context.streams) if (other->isBlocking) flush(context, *other);
    } else if (stream.isBlocking)
        flush(context, context.null);
    stream.work.push_back(std::move(work));
    if (!settings.isLazy) flush(context, stream);
}

void Device::flush(Context& context, Stream& stream) {
    auto work = std::move(stream.work);
    stream.work.clear();
    for (auto& one : work) {
        if (context.error) return;
        try { one(); }
        catch (const KernelFault& fault) { this->fault(context, fault.code, fault.what()); }
    }
}

void Device::flush(Context& context) {
    flush(context, context.null);
    for (auto stream : context.streams) flush(context, *stream);
}

Stream* Device::streamOf(Context& context, void* handle) {
    // Null and CU_STREAM_LEGACY; the stream of a thread is not known.
    if (handle == nullptr || handle == (void*)1) return &context.null;
    auto found = context.streams.find((Stream*)handle);
    return found == context.streams.end() ? nullptr : *found;
}

void Device::fault(Context& context, int code, const std::string& text) {
    context.error = code;
    fprintf(stderr, "CUDA emulator: %s: %s\n", errorName(code), text.c_str());
}

void Device::destroy(Context& context) {
    if (!context.error) flush(context);
    for (auto function : context.functions) delete function;
    for (auto module : context.modules) delete module;
    for (auto event : context.events) delete event;
    for (auto stream : context.streams) delete stream;
    for (auto address : context.allocations) memory.free(address);
    for (auto address : context.pinned) {
        memory.removeHost(address);
        ::free((void*)address);
    }
    for (auto& [address, bytes] : context.registered) memory.removeHost(address);
    contexts.erase(&context);
    // The handle may still be asked for: it is told that it was destroyed, so its memory is not used again.
}
