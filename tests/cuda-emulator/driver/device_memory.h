// Memory of the device: memory of the host, with room between allocations that nobody may touch.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "../machine/access.h"

class DeviceMemory {
public:
    uint64_t allocate(uint64_t bytes);      // 0: there is no room
    bool free(uint64_t address);            // false: it is no allocation
    void addHost(uint64_t address, uint64_t bytes) { host[address] = bytes; }
    bool removeHost(uint64_t address) { return host.erase(address) != 0; }
    Range find(uint64_t address) const;     // device memory and pinned memory of the host
    bool isPinned(uint64_t address, uint64_t bytes) const;
    bool isDevice(uint64_t address) const;  // within what the device could have
    uint64_t used = 0;

private:
    std::map<uint64_t, uint64_t> live, host;
    uint64_t base = 0;
};
