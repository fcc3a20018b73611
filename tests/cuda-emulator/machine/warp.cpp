#include "warp.h"

#include <algorithm>

void Warp::start(int warp, Mask lanes) {
    index = warp;
    all = active = lanes;
    exited = 0;
    pc = 0;
    stop = NoPlace;
    state = Running;
    barrier = -1;
    parts.clear();
    std::fill(local.begin(), local.end(), 0xFF);
}

void Warp::run() {
    if (state == Done) return;
    auto* code = program->code.data();
    state = Running;
    for (;;) {
        if (pc == stop || !active) {
            join();
            if (state == Done) return;
            continue;
        }
        auto& instruction = code[pc++];
        auto mask = active;
        if (instruction.hasGuard) {
            auto guard = predicateIn(instruction.guard);
            mask &= instruction.isGuardNegated ? ~guard : guard;
        }
        steps++;
        instruction.run(*this, instruction, mask);
        if (state == AtBarrier) return;
    }
}

// These threads have come to their stop, or to their end: the part before goes on.
void Warp::join() {
    if (parts.empty()) {
        state = Done;
        return;
    }
    auto& part = parts.back();
    pc = part.pc;
    stop = part.stop;
    active = part.lanes & ~exited;
    parts.pop_back();
}

void Warp::branch(const Instruction& instruction, uint32_t target, Mask taken) {
    if (!taken) return;
    if (taken == active) {
        pc = target;
        return;
    }
    // They meet again where all ways from here lead; unless that is where they stop anyway, they go on from there together.
    auto meeting = instruction.meeting;
    if (meeting != stop) {
        if (meeting != NoPlace) parts.push_back({meeting, active, stop});
        stop = meeting;
    }
    if (target != meeting) parts.push_back({target, taken, meeting});
    active &= ~taken;
}

void Warp::exit(Mask lanes) {
    exited |= lanes;
    active &= ~lanes;
}

void Warp::require(Mask lanes, Mask wanted) const {
    if ((lanes & wanted) == wanted && lanes == active) return;
    auto missing = wanted & ~lanes;
    throw KernelFault(719, missing & exited ? "some threads that must execute this together have returned" : "only some of the threads that must execute this together come here", __builtin_ctz(lanes ? lanes : active));
}

std::string Warp::where(int lane) const {
    auto thread = index * Lanes + std::max(lane, 0);
    auto place = [](uint32_t x, uint32_t y, uint32_t z) { return "(" + std::to_string(x) + ", " + std::to_string(y) + ", " + std::to_string(z) + ")"; };
    auto& size = group->size;
    return "thread " + place(thread % size[0], thread / size[0] % size[1], thread / size[0] / size[1]) + " of group " + place(group->id[0], group->id[1], group->id[2]);
}
