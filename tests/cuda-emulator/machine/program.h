// A kernel made ready to run: registers are places in a warp's register file, labels are numbers.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../ptx/module.h"

struct Warp;
struct Instruction;
using Mask = uint32_t;
using Handler = void (*)(Warp&, const Instruction&, Mask);

constexpr int Lanes = 32;
constexpr Mask AllLanes = ~0u;
constexpr int MostOperands = 18;
constexpr uint32_t NoPlace = ~0u;

// An operand is a byte offset into the register file or, with the lowest bit set, into the constants; 32 lanes lie side by side, a predicate is one mask.
using Place = uint32_t;

struct Instruction {
    Handler run = nullptr;
    Place o[MostOperands] = {};
    int64_t immediate = 0;  // offset of an address, id of a barrier, membership...
    uint32_t target = 0;
    uint32_t meeting = NoPlace;  // of a branch: where all its ways come together
    uint8_t extra = 0;      // rounding, comparison or the width of a register, as the handler has it
    uint8_t more = 0;
    bool hasGuard = false, isGuardNegated = false, isUniform = false;
    enum Flow : uint8_t { Next, Branch, Table, End } flow = Next;
    Place guard = 0;
    int statement = 0;
};

enum class Special : uint8_t { TidX, TidY, TidZ, NtidX, NtidY, NtidZ, CtaidX, CtaidY, CtaidZ, NctaidX, NctaidY, NctaidZ, LaneId, WarpId, NWarpId, Clock };

struct Program {
    FunctionText text;
    std::vector<Instruction> code;
    std::vector<std::vector<uint32_t>> tables;  // of brx.idx
    std::vector<uint8_t> constants;
    std::vector<std::pair<Special, Place>> specials;
    size_t registerBytes = 0;
    int64_t sharedBytes = 0, sharedSize = 0, localBytes = 0;  // sharedSize: without the gaps, what the device must have

    std::string describe(const Instruction& instruction) const;
};

// Finds where the ways of each branch come together.
void findMeetings(Program& program);

// Throws PtxError, which names what it does not know.
std::unique_ptr<Program> decode(const FunctionText& function);
