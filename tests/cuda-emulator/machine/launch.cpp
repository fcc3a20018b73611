#include "launch.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "access.h"
#include "warp.h"

namespace {
// The warps of one group, used for one group after the other.
class Runner {
public:
    Runner(const Launch& launch, bool checksRaces) : launch(launch) {
        for (int k = 0; k < 3; k++) group.size[k] = launch.group[k], group.count[k] = launch.grid[k];
        group.params = launch.params.data();
        group.shared.resize(launch.program->sharedBytes + launch.dynamicShared);
        if (checksRaces) {
            races.bytes.resize(group.shared.size());
            group.races = &races;
        }
        auto threads = launch.group[0] * launch.group[1] * launch.group[2];
        warps.resize((threads + Lanes - 1) / Lanes);
        for (size_t i = 0; i < warps.size(); i++) {
            auto& warp = warps[i];
            auto lanes = std::min<uint32_t>(Lanes, threads - (uint32_t)i * Lanes);
            masks.push_back(lanes == Lanes ? AllLanes : (1u << lanes) - 1);
            warp.program = launch.program;
            warp.group = &group;
            warp.registers.assign(launch.program->registerBytes, 0xA5);
            warp.local.resize((size_t)launch.program->localBytes * Lanes);
            warp.ranges.resize(launch.program->code.size());
            warp.bases[0] = warp.registers.data();
            warp.bases[1] = launch.program->constants.data();
            prepare(warp, (int)i);
        }
    }

    uint64_t run(uint64_t number) {
        uint32_t* id = group.id;
        id[0] = (uint32_t)(number % launch.grid[0]);
        id[1] = (uint32_t)(number / launch.grid[0] % launch.grid[1]);
        id[2] = (uint32_t)(number / launch.grid[0] / launch.grid[1]);
        std::fill(group.shared.begin(), group.shared.end(), 0xFF);
        races.epoch++;
        for (size_t i = 0; i < warps.size(); i++) {
            warps[i].start((int)i, masks[i]);
            warps[i].steps = 0;
            for (auto& [special, place] : launch.program->specials)
                if (special >= Special::CtaidX && special <= Special::CtaidZ) fill(warps[i], place, id[(int)special - (int)Special::CtaidX]);
        }
        for (;;) {
            Warp *waiting = nullptr, *done = nullptr;
            for (auto& warp : warps) {
                try { warp.run(); }
                catch (const KernelFault& fault) { throw explain(warp, fault); }
                (warp.state == Warp::Done ? done : waiting) = &warp;
                if (waiting && waiting->barrier != warp.barrier && warp.state != Warp::Done)
                    throw explain(warp, KernelFault(719, "warps of a group wait at different barriers, " + std::to_string(waiting->barrier) + " and " + std::to_string(warp.barrier)));
            }
            if (waiting && done) throw explain(*waiting, KernelFault(719, "threads wait at a barrier that others of their group have not come to, and have returned", __builtin_ctz(waiting->active)));
            if (!waiting) break;
            races.epoch++;
        }
        uint64_t steps = 0;
        for (auto& warp : warps) steps += warp.steps;
        return steps;
    }

private:
    const Launch& launch;
    Group group;
    SharedRaces races;
    std::vector<Warp> warps;
    std::vector<Mask> masks;

    static void fill(Warp& warp, Place place, uint32_t value) {
        for (int lane = 0; lane < Lanes; lane++) warp.out<uint32_t>(place)[lane] = value;
    }

    void prepare(Warp& warp, int index) {
        for (auto& [special, place] : launch.program->specials)
            for (int lane = 0; lane < Lanes; lane++) {
                auto thread = (uint32_t)(index * Lanes + lane);
                uint32_t value = 0;
                switch (special) {
                    case Special::TidX: value = thread % group.size[0]; break;
                    case Special::TidY: value = thread / group.size[0] % group.size[1]; break;
                    case Special::TidZ: value = thread / group.size[0] / group.size[1]; break;
                    case Special::NtidX: case Special::NtidY: case Special::NtidZ: value = group.size[(int)special - (int)Special::NtidX]; break;
                    case Special::NctaidX: case Special::NctaidY: case Special::NctaidZ: value = group.count[(int)special - (int)Special::NctaidX]; break;
                    case Special::LaneId: value = lane; break;
                    case Special::WarpId: value = index; break;
                    case Special::NWarpId: value = (uint32_t)warps.size(); break;
                    default: break;
                }
                warp.out<uint32_t>(place)[lane] = value;
            }
    }

    KernelFault explain(const Warp& warp, const KernelFault& fault) const {
        auto& program = *launch.program;
        auto at = warp.pc ? warp.pc - 1 : 0;
        return KernelFault(fault.code, "kernel " + program.text.name + " at " + program.describe(program.code[std::min<size_t>(at, program.code.size() - 1)]) + ", " + warp.where(fault.lane) + ": " + fault.what());
    }
};

// Threads that help with large grids; they live as long as the process.
class Helpers {
public:
    explicit Helpers(int count) {
        for (int i = 0; i < count; i++) std::thread([this] { work(); }).detach();
        this->count = count;
    }

    // Runs the job on all helpers and here, and waits for all.
    void run(const std::function<void()>& job) {
        {
            std::lock_guard lock(gate);
            current = &job;
            round++;
            busy = count;
        }
        wake.notify_all();
        job();
        std::unique_lock lock(gate);
        ready.wait(lock, [this] { return busy == 0; });
        current = nullptr;
    }

private:
    std::mutex gate;
    std::condition_variable wake, ready;
    const std::function<void()>* current = nullptr;
    uint64_t round = 0;
    int busy = 0, count = 0;

    void work() {
        uint64_t seen = 0;
        for (;;) {
            const std::function<void()>* job;
            {
                std::unique_lock lock(gate);
                wake.wait(lock, [&] { return round != seen; });
                seen = round;
                job = current;
            }
            (*job)();
            std::lock_guard lock(gate);
            if (--busy == 0) ready.notify_one();
        }
    }
};
}

void run(const Launch& launch, bool checksRaces, int threads) {
    constexpr uint64_t worthHelp = 20000;
    auto groups = (uint64_t)launch.grid[0] * launch.grid[1] * launch.grid[2];
    Runner first(launch, checksRaces);
    auto steps = first.run(0);
    if (threads < 2 || steps * (groups - 1) < worthHelp) {
        for (uint64_t i = 1; i < groups; i++) first.run(i);
        return;
    }
    static auto* helpers = new Helpers(threads - 1);
    std::atomic<uint64_t> next{1};
    std::atomic<bool> hasFailed{false};
    std::mutex gate;
    std::exception_ptr failure;
    auto work = [&](Runner& runner) {
        try {
            for (uint64_t i; !hasFailed && (i = next++) < groups;) runner.run(i);
        } catch (...) {
            std::lock_guard lock(gate);
            if (!failure) failure = std::current_exception();
            hasFailed = true;
        }
    };
    auto caller = std::this_thread::get_id();
    helpers->run([&] {
        if (std::this_thread::get_id() == caller) return work(first);
        Runner own(launch, checksRaces);
        work(own);
    });
    if (failure) std::rethrow_exception(failure);
}
