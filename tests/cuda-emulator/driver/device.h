// The device and what was made on it.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "../machine/launch.h"
#include "errors.h"
#include "device_memory.h"
#include "settings.h"

struct Context;

// Work waits here until somebody needs that it was done: as late as a device may be.
struct Stream {
    Context* context;
    bool isBlocking;  // waits for the null stream, and it for this one
    std::vector<std::function<void()>> work;
};

struct Event {
    struct State {
        int pending = 0;  // recorded, not reached
        std::chrono::steady_clock::time_point time;
    };
    void* stream = nullptr;
    bool isRecorded = false;
    int queries = 0;
    std::shared_ptr<State> state = std::make_shared<State>();  // the stream holds it too
};

struct Module {
    Context* context;
    std::vector<std::unique_ptr<Program>> programs;
};

struct Function {
    Module* module;
    const Program* program;
};

struct Context {
    int device = 0;
    unsigned flags = 0;
    int error = 0;  // sticky
    Stream null{this, true, {}};
    std::set<Stream*> streams;
    std::set<Event*> events;
    std::set<Module*> modules;
    std::set<Function*> functions;
    std::set<uint64_t> allocations, pinned;
    std::map<uint64_t, uint64_t> registered;
};

struct Device {
    std::recursive_mutex gate;
    Settings settings;
    DeviceMemory memory;
    std::set<Context*> contexts;
    bool isInitialized = false;

    static Device& instance();
    static Context*& current();  // of this thread

    void enqueue(Context& context, Stream& stream, std::function<void()> work);
    void flush(Context& context, Stream& stream);
    void flush(Context& context);  // all of its streams
    Stream* streamOf(Context& context, void* handle);  // null where there is none
    void fault(Context& context, int code, const std::string& text);
    void destroy(Context& context);
};
