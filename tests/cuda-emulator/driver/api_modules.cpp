// Modules, functions, launches.
#include <cstring>
#include <fstream>

#include "../ptx/tokens.h"
#include "entry.h"

namespace {
constexpr int64_t MostShared = 49152;

int load(Device& device, Context& context, void** result, const char* text, std::string& log) {
    auto module = std::make_unique<Module>();
    module->context = &context;
    try {
        if (memcmp(text, "\x7F" "ELF", 4) == 0) throw PtxError(NoBinary, "machine code cannot run here: only PTX can");
        static int number = 0;
        if (auto& folder = device.settings.dump; !folder.empty()) std::ofstream(folder + "/" + std::to_string(++number) + ".ptx") << text;
        auto parsed = parse(text);
        auto version = parsed.versionMajor * 10 + parsed.versionMinor;
        if (version == 0 || version > device.settings.ptxVersion()) throw PtxError(UnsupportedPtxVersion, "PTX of version " + std::to_string(version / 10) + "." + std::to_string(version % 10) + " is newer than the driver");
        if (parsed.target > device.settings.capability) throw PtxError(NoBinary, "the code is for sm_" + std::to_string(parsed.target) + ", the device is sm_" + std::to_string(device.settings.capability));
        for (auto& function : parsed.functions) {
            auto program = decode(function);
            if (program->sharedSize > MostShared) throw PtxError("kernel " + function.name + " uses too much shared memory: " + std::to_string(program->sharedSize) + " bytes of 49152");
            module->programs.push_back(std::move(program));
        }
    } catch (const PtxError& error) {
        log = error.what();
        fprintf(stderr, "CUDA emulator: %s: %s\n", errorName(error.code), error.what());
        return error.code;
    }
    context.modules.insert(module.get());
    *result = module.release();
    return 0;
}
}

EXPORT int cuModuleLoadDataEx(void** module, const char* text, unsigned optionCount, const int* options, void** values) {
    return contextCall("cuModuleLoadData", [&](Device& device, Context& context) {
        std::string log;
        auto result = load(device, context, module, text, log);
        char* buffer = nullptr;
        size_t size = 0;
        for (unsigned i = 0; i < optionCount; i++) {
            if (options[i] == 5) buffer = (char*)values[i];                   // CU_JIT_ERROR_LOG_BUFFER
            if (options[i] == 6) size = (size_t)(unsigned)(uintptr_t)values[i];  // CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES
        }
        if (buffer && size) {
            strncpy(buffer, log.c_str(), size);
            buffer[size - 1] = 0;
        }
        return result;
    });
}

EXPORT int cuModuleLoadData(void** module, const char* text) { return cuModuleLoadDataEx(module, text, 0, nullptr, nullptr); }

EXPORT int cuModuleUnload(void* module) {
    return contextCall("cuModuleUnload", [&](Device& device, Context& context) {
        if (!holds(context.modules, module)) return (int)InvalidHandle;
        device.flush(context);
        for (auto at = context.functions.begin(); at != context.functions.end();) {
            if ((*at)->module == module) {
                delete *at;
                at = context.functions.erase(at);
            } else
                at++;
        }
        context.modules.erase((Module*)module);
        delete (Module*)module;
        return context.error;
    });
}

EXPORT int cuModuleGetFunction(void** function, void* module, const char* name) {
    return contextCall("cuModuleGetFunction", [&](Device&, Context& context) {
        if (!holds(context.modules, module)) return (int)InvalidHandle;
        for (auto& program : ((Module*)module)->programs)
            if (program->text.isEntry && program->text.name == name) {
                auto made = new Function{(Module*)module, program.get()};
                context.functions.insert(made);
                *function = made;
                return 0;
            }
        return (int)NotFound;
    });
}

EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* function, int blockSize, size_t) {
    return contextCall("cuOccupancyMaxActiveBlocksPerMultiprocessor", [&](Device&, Context& context) {
        if (!holds(context.functions, function) || blockSize <= 0) return (int)InvalidValue;
        *blocks = 2048 / blockSize;
        return 0;
    });
}

EXPORT int cuOccupancyMaxPotentialBlockSize(int* minGridSize, int* blockSize, void* function, void*, size_t, int limit) {
    return contextCall("cuOccupancyMaxPotentialBlockSize", [&](Device&, Context& context) {
        if (!holds(context.functions, function)) return (int)InvalidValue;
        *blockSize = limit > 0 && limit < 256 ? limit : 256;
        *minGridSize = 4 * 2048 / *blockSize;
        return 0;
    });
}

EXPORT int cuLaunchKernel(void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned shared, void* handle, void** params, void** extra) {
    return contextCall("cuLaunchKernel", [&](Device& device, Context& context) {
        if (!holds(context.functions, function)) return (int)InvalidHandle;
        auto stream = device.streamOf(context, handle);
        if (!stream) return (int)InvalidHandle;
        auto& program = *((Function*)function)->program;
        auto isTooLarge = !gridX || !gridY || !gridZ || !blockX || !blockY || !blockZ || gridX > 2147483647u || gridY > 65535 || gridZ > 65535 || blockX > 1024 || blockY > 1024 || blockZ > 64 ||
            (uint64_t)blockX * blockY * blockZ > 1024 || program.sharedSize + shared > MostShared;
        if (isTooLarge) {
            fprintf(stderr, "CUDA emulator: %s is launched with a grid of %u x %u x %u groups of %u x %u x %u threads and %u bytes of shared memory\n", program.text.name.c_str(), gridX, gridY, gridZ, blockX, blockY, blockZ, shared);
            return (int)InvalidValue;
        }
        auto launch = std::make_shared<Launch>(Launch{&program, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, shared, std::vector<uint8_t>(program.text.paramBytes)});
        if (params) {
            for (size_t i = 0; i < program.text.params.size(); i++) memcpy(&launch->params[program.text.params[i].offset], params[i], program.text.params[i].bytes);
        } else if (extra) {
            const void* buffer = nullptr;
            size_t size = 0;
            for (; *extra; extra += 2) {
                if ((uintptr_t)*extra == 1) buffer = extra[1];
                else if ((uintptr_t)*extra == 2) size = *(size_t*)extra[1];
                else return (int)InvalidValue;
            }
            if (size < launch->params.size() || (size && !buffer)) {
                fprintf(stderr, "CUDA emulator: %s takes %zu bytes of parameters and was given %zu\n", program.text.name.c_str(), launch->params.size(), size);
                return (int)InvalidValue;
            }
            memcpy(launch->params.data(), buffer, launch->params.size());
        } else if (!launch->params.empty())
            return (int)InvalidValue;
        device.enqueue(context, *stream, [launch, checks = device.settings.checksRaces, threads = device.settings.threads] { run(*launch, checks, threads); });
        return 0;
    });
}
