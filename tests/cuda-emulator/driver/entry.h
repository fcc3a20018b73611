// What entry points of the driver share: one at a time, counted, failing where the settings say so.
#pragma once
#include <cstdio>

#include "device.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

// A call that needs no context.
template <class F> int plainCall(const char* name, F body) {
    auto& device = Device::instance();
    std::lock_guard lock(device.gate);
    if (auto code = device.settings.fail(name)) return code;
    return body(device);
}

// A call after cuInit.
template <class F> int call(const char* name, F body) {
    return plainCall(name, [&](Device& device) { return device.isInitialized ? body(device) : (int)NotInitialized; });
}

// A call on the context of this thread; what it finds to be broken stays so.
template <class F> int contextCall(const char* name, F body) {
    auto& device = Device::instance();
    std::lock_guard lock(device.gate);
    auto context = Device::current();
    if (!device.isInitialized) return NotInitialized;
    if (!context) return InvalidContext;
    if (!device.contexts.count(context)) return ContextIsDestroyed;
    if (auto code = device.settings.fail(name)) {
        if (isSticky(code) && !context->error) device.fault(*context, code, std::string("a setting has ") + name + " fail");
        return code;
    }
    if (context->error) return context->error;
    auto result = body(device, *context);
    return result ? result : 0;
}

template <class T> bool holds(const std::set<T*>& set, void* handle) { return set.count((T*)handle) != 0; }

inline int notEmulated(const char* name) {
    fprintf(stderr, "CUDA emulator: %s is not emulated\n", name);
    return NotSupported;
}
