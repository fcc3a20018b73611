// How instructions reach memory: each address is looked up, so that one outside of every allocation is found, and so is one that is not aligned.
#pragma once
#include "warp.h"

enum class Space : uint8_t { Global, Shared, Local, Generic };

// The allocation of device memory, or of pinned memory of the host, that holds an address; an empty range where there is none.
Range findAllocation(uint64_t address);

// Who has touched a byte of shared memory since the last barrier.
struct SharedRaces {
    struct Touch { uint32_t epoch = 0; uint16_t writer = 0, reader = 0; };  // thread + 1; 0xFFFF: several
    std::vector<Touch> bytes;
    uint32_t epoch = 1;
    void touch(int64_t offset, int64_t count, int thread, bool isWrite, int lane);
};

uint8_t* find(Warp& w, const Instruction& i, Space space, uint64_t address, int bytes, int lane, bool isWrite);

// Where an address of a lane lies in the host's memory.
inline uint8_t* resolve(Warp& w, const Instruction& i, Space space, uint64_t address, int bytes, int lane, bool isWrite) {
    if ((address & (bytes - 1)) == 0 && w.ranges[&i - w.program->code.data()].holds(address, bytes)) {
        if (space == Space::Global) return (uint8_t*)address;
        if (space == Space::Shared && !w.group->races) return w.group->shared.data() + address;
        if (space == Space::Local) return w.local.data() + (size_t)lane * w.program->localBytes + address;
    }
    return find(w, i, space, address, bytes, lane, isWrite);
}
