#include <cstdlib>

#include "module.h"
#include "tokens.h"

namespace {
class Parser {
public:
    explicit Parser(const char* text) : tokens(tokenize(text)) {}

    ModuleText module() {
        ModuleText result;
        while (peek().kind != Token::End) {
            auto word = next();
            if (word.text == ".version") {
                auto number = next().text;
                result.versionMajor = atoi(number.c_str());
                auto dot = number.find('.');
                result.versionMinor = dot == std::string::npos ? 0 : atoi(number.c_str() + dot + 1);
            } else if (word.text == ".target") {
                auto name = next().text;
                if (name.rfind("sm_", 0) != 0) fail(word, "unknown target " + name);
                result.target = atoi(name.c_str() + 3);
                while (take(",")) next();
            } else if (word.text == ".address_size") {
                if (next().text != "64") fail(word, "only .address_size 64 is taken");
            } else if (word.text == ".visible" || word.text == ".weak" || word.text == ".extern") {
            } else if (word.text == ".entry" || word.text == ".func") {
                FunctionText function;
                function.isEntry = word.text == ".entry";
                parseFunction(function);
                if (function.hasBody) result.functions.push_back(std::move(function));
            } else
                fail(word, "the emulator does not know '" + word.text + "' at the level of a module");
        }
        return result;
    }

private:
    std::vector<Token> tokens;
    size_t at = 0;

    const Token& peek(size_t ahead = 0) const { return tokens[std::min(at + ahead, tokens.size() - 1)]; }
    Token next() { return tokens[at < tokens.size() - 1 ? at++ : at]; }
    bool is(const char* mark) const { return peek().text == mark; }
    bool take(const char* mark) {
        if (!is(mark)) return false;
        at++;
        return true;
    }
    void expect(const char* mark) {
        if (!take(mark)) fail(peek(), std::string("expected '") + mark + "' before '" + peek().text + "'");
    }
    [[noreturn]] static void fail(const Token& token, const std::string& text) { throw PtxError("line " + std::to_string(token.line) + ": " + text); }

    int64_t integer() {
        auto negative = take("-");
        auto token = next();
        if (token.kind != Token::Number) fail(token, "expected a number before '" + token.text + "'");
        auto value = (int64_t)strtoull(token.text.c_str(), nullptr, 0);
        return negative ? -value : value;
    }

    // What follows .reg, .param, .shared or .local: .align N .b8 name[N]
    Variable variable() {
        Variable result;
        while (peek().kind == Token::Word && peek().text[0] == '.') {
            auto word = next().text;
            if (word == ".align") result.align = (int)integer();
            else if (word == ".ptr" || word == ".global" || word == ".const") continue;
            else if (auto type = typeNamed(word.substr(1)); type != Type::None) result.type = type;
            else fail(peek(), "unknown type or attribute " + word);
        }
        result.name = next().text;
        result.bytes = sizeOf(result.type);
        if (!result.align) result.align = (int)result.bytes;
        while (take("[")) {
            result.bytes *= integer();
            expect("]");
        }
        return result;
    }

    static void place(Variable& variable, int64_t& end, int64_t gap = 0) {
        variable.offset = (end + variable.align - 1) / variable.align * variable.align;
        end = variable.offset + variable.bytes + gap;
    }

    void parseFunction(FunctionText& function) {
        if (take("(")) {
            expect(".param");
            function.params.push_back(variable());  // the result lies among the parameters: nothing calls a function
            expect(")");
        }
        function.name = next().text;
        if (take("(")) {
            while (!take(")")) {
                expect(".param");
                function.params.push_back(variable());
                take(",");
            }
        }
        for (auto& param : function.params) place(param, function.paramBytes);
        while (peek().kind == Token::Word && (is(".maxntid") || is(".reqntid") || is(".minnctapersm") || is(".maxnreg"))) {
            next();
            do integer();
            while (take(","));
        }
        if (take(";")) return;
        expect("{");
        function.hasBody = true;
        int64_t sharedEnd = 0, localEnd = 0;
        for (int depth = 1; depth > 0;) {
            auto& token = peek();
            if (token.kind == Token::End) fail(token, "the text ends within " + function.name);
            if (take("{")) depth++;
            else if (take("}")) depth--;
            else if (take(";")) continue;
            else if (take(".reg")) registers(function);
            else if (take(".shared")) declare(function.shared, sharedEnd);
            else if (take(".local")) declare(function.local, localEnd);
            else if (take(".loc")) while (peek().line == token.line) next();
            else if (token.kind == Token::Word && peek(1).text == ":") {
                auto label = next();
                next();
                if (take(".branchtargets")) {
                    auto& targets = function.branchTargets[label.text];
                    do targets.push_back(next().text);
                    while (take(","));
                    expect(";");
                } else if (!function.labels.emplace(label.text, function.statements.size()).second)
                    fail(label, "label " + label.text + " is there twice");
            } else
                function.statements.push_back(statement());
        }
    }

    // Variables lie apart, so that what runs over the end of one is found.
    void declare(std::vector<Variable>& variables, int64_t& end) {
        variables.push_back(variable());
        place(variables.back(), end, 64);
        expect(";");
    }

    void registers(FunctionText& function) {
        auto token = next();
        auto type = typeNamed(token.text.substr(1));
        if (type == Type::None) fail(token, "unknown type " + token.text);
        do {
            auto name = next().text;
            if (take("<")) {
                auto count = integer();
                for (int64_t i = 0; i < count; i++) function.registers[name + std::to_string(i)] = type;
                expect(">");
            } else
                function.registers[name] = type;
        } while (take(","));
        expect(";");
    }

    Statement statement() {
        Statement result;
        result.line = peek().line;
        if (take("@")) {
            result.isGuardNegated = take("!");
            result.guard = next().text;
        }
        auto word = next();
        if (word.kind != Token::Word) fail(word, "expected an instruction before '" + word.text + "'");
        result.opcode = word.text;
        while (!take(";")) {
            if (peek().kind == Token::End) fail(word, "'" + word.text + "' has no end");
            result.operands.push_back(operand());
            if (!is(";")) expect(",");
        }
        return result;
    }

    Operand operand() {
        Operand result;
        if (take("{")) {
            result.kind = Operand::Vector;
            while (!take("}")) {
                result.elements.push_back(operand());
                take(",");
            }
            return result;
        }
        if (take("[")) {
            result.kind = Operand::Address;
            result.text = next().text;
            if (take("+")) result.offset = integer();
            else if (is("-") || peek().kind == Token::Number) result.offset = integer();
            expect("]");
            return result;
        }
        result.isNegated = take("!");
        if (take("-")) {
            result.kind = Operand::Immediate;
            result.text = "-" + next().text;
            return result;
        }
        auto token = next();
        if (token.kind == Token::Number) result.kind = Operand::Immediate;
        else if (token.kind != Token::Word) fail(token, "unexpected '" + token.text + "'");
        else result.kind = token.text[0] == '%' ? Operand::Register : Operand::Name;
        result.text = token.text;
        if (take("|")) {
            Operand pair;
            pair.kind = Operand::Vector;
            pair.elements = {result, operand()};
            return pair;
        }
        return result;
    }
};
}

ModuleText parse(const char* text) { return Parser(text).module(); }
