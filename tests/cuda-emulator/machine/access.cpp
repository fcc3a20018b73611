#include "access.h"

#include <sstream>

namespace {
constexpr uint64_t SharedWindow = 0xFFFF0001ull << 32, LocalWindow = 0xFFFF0002ull << 32, Windows = 0xFFFF0000ull << 32;

std::string hex(uint64_t value) {
    std::ostringstream text;
    text << "0x" << std::hex << value;
    return text.str();
}

[[noreturn]] void outside(const char* space, uint64_t address, int bytes, int lane, bool isWrite) {
    throw KernelFault(700, std::string(isWrite ? "writes " : "reads ") + std::to_string(bytes) + " bytes at " + hex(address) + " of " + space + " memory, where nothing was allocated", lane);
}

uint8_t* within(const std::vector<Variable>& variables, uint8_t* base, const char* space, uint64_t address, int bytes, int lane, bool isWrite, Range& last) {
    if (!last.holds(address, bytes)) {
        last = {};
        for (auto& v : variables)
            if (Range range{(uint64_t)v.offset, (uint64_t)(v.offset + v.bytes)}; range.holds(address, bytes)) last = range;
        if (!last.end) outside(space, address, bytes, lane, isWrite);
    }
    return base + address;
}
}

uint8_t* find(Warp& w, const Instruction& i, Space space, uint64_t address, int bytes, int lane, bool isWrite) {
    if (address & (bytes - 1)) throw KernelFault(716, std::string(isWrite ? "writes " : "reads ") + std::to_string(bytes) + " bytes at " + hex(address) + ", which is not a multiple of as many", lane);
    if (space == Space::Generic) {
        space = (address & Windows) != Windows ? Space::Global : (address & LocalWindow) == LocalWindow ? Space::Local : Space::Shared;
        if (space != Space::Global) address -= space == Space::Local ? LocalWindow : SharedWindow;
    }
    auto& last = w.ranges[&i - w.program->code.data()];
    switch (space) {
        case Space::Shared: {
            auto at = within(w.program->text.shared, w.group->shared.data(), "shared", address, bytes, lane, isWrite, last);
            if (w.group->races) w.group->races->touch((int64_t)address, bytes, w.index * Lanes + lane, isWrite, lane);
            return at;
        }
        case Space::Local: return within(w.program->text.local, w.local.data() + (size_t)lane * w.program->localBytes, "local", address, bytes, lane, isWrite, last);
        default:
            if (!last.holds(address, bytes)) {
                last = findAllocation(address);
                if (!last.holds(address, bytes)) {
                    last = {};
                    outside("global", address, bytes, lane, isWrite);
                }
            }
            return (uint8_t*)address;
    }
}

void SharedRaces::touch(int64_t offset, int64_t count, int thread, bool isWrite, int lane) {
    auto own = (uint16_t)(thread + 1);
    for (auto i = offset; i < offset + count; i++) {
        auto& byte = bytes[i];
        if (byte.epoch != epoch) byte = {epoch, 0, 0};
        if ((byte.writer && byte.writer != own) || (isWrite && byte.reader && byte.reader != own))
            throw KernelFault(719, "shared memory at " + std::to_string(i) + " is touched by thread " + std::to_string((byte.writer && byte.writer != own ? byte.writer : byte.reader) - 1) +
                " of the group as well, with no barrier between, and one of them writes", lane);
        if (isWrite) byte.writer = own;
        else byte.reader = byte.reader && byte.reader != own ? 0xFFFF : own;
    }
}
