#include "settings.h"

#include <cstdlib>
#include <thread>

Settings::Settings() {
    threads = (int)std::thread::hardware_concurrency();
    for (auto name : {"CAPABILITY", "DRIVER", "DEVICES", "MEMORY", "LAZY", "RACES", "THREADS", "DUMP", "FAIL"})
        if (auto value = getenv((std::string("CUDA_EMULATOR_") + name).c_str())) set(name, value);
}

bool Settings::set(const std::string& name, const std::string& value) {
    auto number = strtoll(value.c_str(), nullptr, 10);
    if (name == "CAPABILITY") capability = (int)number;
    else if (name == "DRIVER") driverVersion = (int)number;
    else if (name == "DEVICES") devices = (int)number;
    else if (name == "MEMORY") memory = number << 20;
    else if (name == "LAZY") isLazy = number != 0;
    else if (name == "RACES") checksRaces = number != 0;
    else if (name == "THREADS") threads = (int)number;
    else if (name == "DUMP") dump = value;
    else if (name == "FAIL") {
        failures.clear();
        calls.clear();
        for (size_t begin = 0; begin < value.size();) {
            auto end = std::min(value.find(',', begin), value.size());
            auto one = value.substr(begin, end - begin);
            auto code = one.find(':'), from = one.find(':', code + 1);
            if (code == std::string::npos) return false;
            failures.push_back({one.substr(0, code), atoi(one.c_str() + code + 1), from == std::string::npos ? 1 : atoll(one.c_str() + from + 1)});
            begin = end + 1;
        }
    } else
        return false;
    return true;
}

int Settings::fail(const char* call) {
    if (failures.empty()) return 0;
    auto count = ++calls[call];
    for (auto& failure : failures) if (failure.call == call && count >= failure.from) return failure.code;
    return 0;
}

int Settings::ptxVersion() const {
    // By NVIDIA's release notes of PTX.
    static const int versions[][2] = {{13000, 90}, {12090, 88}, {12080, 87}, {12070, 86}, {12050, 85}, {12040, 84}, {12030, 83}, {12020, 82}, {12010, 81}, {12000, 80},
        {11080, 78}, {11070, 77}, {11060, 76}, {11050, 75}, {11040, 74}, {11030, 73}, {11020, 72}, {11010, 71}, {11000, 70}, {10020, 65}, {10010, 64}, {10000, 63}};
    for (auto& [driver, version] : versions) if (driverVersion >= driver) return version;
    return 60;
}
