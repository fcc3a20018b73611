// Streams and events.
#include "entry.h"

EXPORT int cuStreamCreateWithPriority(void** stream, unsigned flags, int) {
    return contextCall("cuStreamCreate", [&](Device&, Context& context) {
        if (flags > 1) return (int)InvalidValue;
        auto made = new Stream{&context, flags == 0, {}};
        context.streams.insert(made);
        *stream = made;
        return 0;
    });
}

EXPORT int cuStreamCreate(void** stream, unsigned flags) { return cuStreamCreateWithPriority(stream, flags, 0); }

EXPORT int cuStreamDestroy_v2(void* handle) {
    return contextCall("cuStreamDestroy_v2", [&](Device& device, Context& context) {
        if (!holds(context.streams, handle)) return (int)InvalidHandle;
        device.flush(context, *(Stream*)handle);
        context.streams.erase((Stream*)handle);
        delete (Stream*)handle;
        return context.error;
    });
}

EXPORT int cuStreamSynchronize(void* handle) {
    return contextCall("cuStreamSynchronize", [&](Device& device, Context& context) {
        auto stream = device.streamOf(context, handle);
        if (!stream) return (int)InvalidHandle;
        device.flush(context, *stream);
        return context.error;
    });
}

EXPORT int cuStreamWaitEvent(void* handle, void* event, unsigned) {
    return contextCall("cuStreamWaitEvent", [&](Device& device, Context& context) {
        if (!device.streamOf(context, handle) || !holds(context.events, event)) return (int)InvalidHandle;
        auto& own = *(Event*)event;
        // What the event stands for is done before anything that comes to this stream from now on.
        if (own.state->pending)
            if (auto stream = device.streamOf(context, own.stream)) device.flush(context, *stream);
        return context.error;
    });
}

EXPORT int cuEventCreate(void** event, unsigned) {
    return contextCall("cuEventCreate", [&](Device&, Context& context) {
        auto made = new Event();
        context.events.insert(made);
        *event = made;
        return 0;
    });
}

EXPORT int cuEventDestroy_v2(void* event) {
    return contextCall("cuEventDestroy_v2", [&](Device&, Context& context) {
        if (!holds(context.events, event)) return (int)InvalidHandle;
        context.events.erase((Event*)event);
        delete (Event*)event;
        return 0;
    });
}

EXPORT int cuEventRecord(void* event, void* handle) {
    return contextCall("cuEventRecord", [&](Device& device, Context& context) {
        auto stream = device.streamOf(context, handle);
        if (!stream || !holds(context.events, event)) return (int)InvalidHandle;
        auto& own = *(Event*)event;
        own.stream = handle;
        own.isRecorded = true;
        own.queries = 0;
        own.state->pending++;
        device.enqueue(context, *stream, [state = own.state] {
            state->pending--;
            state->time = std::chrono::steady_clock::now();
        });
        return 0;
    });
}

namespace {
int wait(Device& device, Context& context, Event& event) {
    if (event.state->pending)
        if (auto stream = device.streamOf(context, event.stream)) device.flush(context, *stream);
    return context.error;
}
}

EXPORT int cuEventQuery(void* event) {
    return contextCall("cuEventQuery", [&](Device& device, Context& context) {
        if (!holds(context.events, event)) return (int)InvalidHandle;
        auto& own = *(Event*)event;
        if (!own.state->pending) return 0;
        // Who asks often is answered at last.
        return own.queries++ < 3 ? (int)NotReady : wait(device, context, own);
    });
}

EXPORT int cuEventSynchronize(void* event) {
    return contextCall("cuEventSynchronize", [&](Device& device, Context& context) {
        if (!holds(context.events, event)) return (int)InvalidHandle;
        return wait(device, context, *(Event*)event);
    });
}

EXPORT int cuEventElapsedTime(float* milliseconds, void* start, void* end) {
    return contextCall("cuEventElapsedTime", [&](Device&, Context& context) {
        if (!holds(context.events, start) || !holds(context.events, end)) return (int)InvalidHandle;
        auto &from = *(Event*)start, &to = *(Event*)end;
        if (!from.isRecorded || !to.isRecorded) return (int)InvalidHandle;
        if (from.state->pending || to.state->pending) return (int)NotReady;
        *milliseconds = std::chrono::duration<float, std::milli>(to.state->time - from.state->time).count();
        return 0;
    });
}

// For the emulated libraries: has a stream of this thread's context do something.
EXPORT int cudaEmulatorEnqueue(void* handle, const std::function<void()>* work) {
    return contextCall("cudaEmulatorEnqueue", [&](Device& device, Context& context) {
        auto stream = device.streamOf(context, handle);
        if (!stream) return (int)InvalidHandle;
        device.enqueue(context, *stream, *work);
        return 0;
    });
}

// For the emulated libraries: true where memory of the device holds all of this.
EXPORT int cudaEmulatorHolds(uint64_t address, uint64_t bytes) {
    auto& device = Device::instance();
    std::lock_guard lock(device.gate);
    return device.memory.find(address).holds(address, bytes);
}
