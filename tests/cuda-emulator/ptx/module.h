// A PTX module as written: functions, what they declare, their instructions.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "types.h"

struct Variable {
    std::string name;
    Type type = Type::None;
    int align = 0;
    int64_t bytes = 0;
    int64_t offset = 0;  // where it lies in its space
};

struct Operand {
    enum Kind { Register, Immediate, Name, Address, Vector, Nothing } kind = Nothing;
    std::string text;               // register, number, name or what an address is based on
    int64_t offset = 0;             // of an address
    bool isNegated = false;         // !%p
    std::vector<Operand> elements;  // of a vector; or the two predicates of %p|%q
};

struct Statement {
    std::string opcode;  // mnemonic with its modifiers
    std::vector<Operand> operands;
    std::string guard;
    bool isGuardNegated = false;
    int line = 0;
};

struct FunctionText {
    std::string name;
    bool isEntry = false, hasBody = false;
    std::vector<Variable> params, shared, local;
    std::map<std::string, Type> registers;
    std::vector<Statement> statements;
    std::map<std::string, size_t> labels;                       // to the statement behind them
    std::map<std::string, std::vector<std::string>> branchTargets;
    int64_t paramBytes = 0;
};

struct ModuleText {
    int versionMajor = 0, versionMinor = 0, target = 0;
    std::vector<FunctionText> functions;
};

ModuleText parse(const char* text);
