// Thirty-two threads in lock step. Where they part, one part after the other goes on to the place that all of them come to, where they are joined again.
#pragma once
#include <cstring>
#include <stdexcept>
#include <vector>

#include "program.h"

// What a kernel did that ends its context; code is the driver's.
struct KernelFault : std::runtime_error {
    int code;
    int lane = -1;
    KernelFault(int code, const std::string& text, int lane = -1) : std::runtime_error(text), code(code), lane(lane) {}
};

struct Range {
    uint64_t begin = 1, end = 0;
    bool holds(uint64_t address, uint64_t bytes) const { return address >= begin && address <= end && end - address >= bytes; }
};

struct SharedRaces;

// A group's own memory and where it stands.
struct Group {
    std::vector<uint8_t> shared;
    uint32_t id[3], size[3], count[3];
    const uint8_t* params = nullptr;
    SharedRaces* races = nullptr;
};

struct Warp {
    // Threads that go on from pc once those before them have come to their own stop.
    struct Part {
        uint32_t pc;
        Mask lanes;
        uint32_t stop;
    };
    enum State { Running, AtBarrier, Done };

    const uint8_t* bases[2] = {};  // registers, constants
    std::vector<uint8_t> registers, local;
    const Program* program = nullptr;
    Group* group = nullptr;
    uint32_t pc = 0, stop = 0;
    Mask active = 0, all = 0, exited = 0;
    State state = Running;
    int64_t barrier = -1;
    int index = 0;
    uint64_t steps = 0;
    std::vector<Part> parts;
    std::vector<Range> ranges;  // the allocation each instruction found last

    template <class T> const T* in(Place place) const { return (const T*)(bases[place & 1] + (place & ~1u)); }
    template <class T> T* out(Place place) { return (T*)(registers.data() + place); }
    Mask& predicate(Place place) { return *out<Mask>(place); }
    Mask predicateIn(Place place) const { return *in<Mask>(place); }

    void start(int warp, Mask lanes);
    void run();  // until all lanes wait at the barrier or are done
    void branch(const Instruction& instruction, uint32_t target, Mask taken);
    void exit(Mask lanes);
    void require(Mask lanes, Mask wanted) const;  // an instruction that these lanes execute together
    std::string where(int lane) const;

private:
    void join();
};

// Does something for each lane in the mask; the compiler makes vectors of it where all are.
template <class F> inline void forLanes(Mask mask, F f) {
    if (mask == AllLanes) {
#pragma GCC ivdep
        for (int lane = 0; lane < Lanes; lane++) f(lane);
    } else
        for (; mask; mask &= mask - 1) f(__builtin_ctz(mask));
}
