#include "device_memory.h"

#include <sys/mman.h>

#include <cstring>

namespace {
constexpr uint64_t Reserved = 1ull << 38, Page = 4096, Gap = 16 * Page;

Range holding(const std::map<uint64_t, uint64_t>& ranges, uint64_t address) {
    auto next = ranges.upper_bound(address);
    if (next == ranges.begin()) return {};
    auto& [begin, bytes] = *--next;
    return address - begin <= bytes ? Range{begin, begin + bytes} : Range{};
}
}

uint64_t DeviceMemory::allocate(uint64_t bytes) {
    if (!base) {
        auto space = mmap(nullptr, Reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (space == MAP_FAILED) return 0;
        base = (uint64_t)space;
    }
    auto pages = (bytes + Page - 1) / Page * Page;
    auto at = base + Gap;
    for (auto& [begin, size] : live) {
        if (begin >= at + pages + Gap) break;
        at = (begin + size + Page - 1) / Page * Page + Gap;
    }
    if (at + pages + Gap > base + Reserved || mprotect((void*)at, pages, PROT_READ | PROT_WRITE) != 0) return 0;
    // What is there at first is NaN as a float and -1 as an integer, so that reading it is seen.
    memset((void*)at, 0xFF, bytes);
    live[at] = bytes;
    used += bytes;
    return at;
}

bool DeviceMemory::free(uint64_t address) {
    auto found = live.find(address);
    if (found == live.end()) return false;
    auto pages = (found->second + Page - 1) / Page * Page;
    mmap((void*)address, pages, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    used -= found->second;
    live.erase(found);
    return true;
}

Range DeviceMemory::find(uint64_t address) const {
    auto found = holding(live, address);
    return found.end ? found : holding(host, address);
}

bool DeviceMemory::isPinned(uint64_t address, uint64_t bytes) const { return holding(host, address).holds(address, bytes); }
bool DeviceMemory::isDevice(uint64_t address) const { return base && address >= base && address < base + Reserved; }
