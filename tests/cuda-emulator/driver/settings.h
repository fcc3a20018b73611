// What the emulated device is, and which calls fail: from the environment when the library is loaded, later from cudaEmulatorSet.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

struct Settings {
    int capability = 90;              // CUDA_EMULATOR_CAPABILITY
    int driverVersion = 13000;        // CUDA_EMULATOR_DRIVER
    int devices = 1;                  // CUDA_EMULATOR_DEVICES
    int64_t memory = 2048ll << 20;    // CUDA_EMULATOR_MEMORY, in MiB
    bool isLazy = true;               // CUDA_EMULATOR_LAZY: streams work as late as they may; 0: at once
    bool checksRaces = false;         // CUDA_EMULATOR_RACES: 1: shared memory that two threads touch without a barrier is an error
    int threads = 0;                  // CUDA_EMULATOR_THREADS; as many as the host has

    std::string dump;                 // CUDA_EMULATOR_DUMP: a folder for the PTX of every module

    struct Failure { std::string call; int code; int64_t from; };
    std::vector<Failure> failures;    // CUDA_EMULATOR_FAIL: cuLaunchKernel:700:3,cuMemAlloc_v2:2 - the code, from which call on
    std::map<std::string, int64_t> calls;

    Settings();
    bool set(const std::string& name, const std::string& value);  // false: there is no such setting
    int fail(const char* call);       // counts the call; 0 or the code it is to fail with
    int ptxVersion() const;           // the newest the driver takes: 90 is 9.0
};
