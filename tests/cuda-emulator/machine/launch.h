// Runs a grid.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "program.h"

struct Launch {
    const Program* program;
    uint32_t grid[3], group[3];
    uint32_t dynamicShared;
    std::vector<uint8_t> params;
};

// Throws KernelFault, whose text says what happened, where and to which thread.
void run(const Launch& launch, bool checksRaces, int threads);
