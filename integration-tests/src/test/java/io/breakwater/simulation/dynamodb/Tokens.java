package io.breakwater.simulation.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An expression's tokens with a place in them, and the placeholders met on the way. */
final class Tokens {
    private static final int MAX_BYTES = 4096;
    private static final String END = "<EOF>";
    private static final Pattern TOKEN =
            Pattern.compile("[A-Za-z][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+|<>|<=|>=|[=<>(),+\\-.\\[\\]]");
    private static final Pattern SPACE = Pattern.compile("\\s*");

    private final String kind;
    private final List<String> tokens;
    private final Map<String, String> names;
    private final Set<String> usedNames = new HashSet<>();
    private final Set<String> usedValues = new HashSet<>();
    private int next;

    /** @param kind as in {@code UpdateExpression} */
    Tokens(String kind, Expressions.Source source) {
        this.kind = kind;
        this.names = source.names();
        this.tokens = split(source.text());
    }

    private List<String> split(String text) {
        if (text.isBlank()) {
            throw refusal("The expression can not be empty;");
        }
        if (text.getBytes(UTF_8).length > MAX_BYTES) {
            throw refusal("Expression size has exceeded the maximum allowed size;");
        }
        List<String> found = new ArrayList<>();
        Matcher space = SPACE.matcher(text);
        Matcher token = TOKEN.matcher(text);
        int at = 0;
        while (true) {
            space.region(at, text.length());
            at = space.lookingAt() ? space.end() : at;
            if (at == text.length()) {
                return found;
            }
            token.region(at, text.length());
            if (!token.lookingAt()) {
                throw refusal("Syntax error; token: \"" + text.charAt(at) + "\"");
            }
            found.add(token.group());
            at = token.end();
        }
    }

    boolean atEnd() {
        return next == tokens.size();
    }

    String peek() {
        return peek(0);
    }

    String peek(int ahead) {
        return next + ahead < tokens.size() ? tokens.get(next + ahead) : END;
    }

    String take() {
        String token = peek();
        next++;
        return token;
    }

    /** Takes the next token if it is this one; keywords in any case. */
    boolean takeIf(String token) {
        if (!peek().equalsIgnoreCase(token)) {
            return false;
        }
        next++;
        return true;
    }

    void expect(String token) {
        if (!takeIf(token)) {
            throw syntaxError();
        }
    }

    void expectEnd() {
        if (!atEnd()) {
            throw syntaxError();
        }
    }

    boolean atFunction() {
        return Character.isLetter(peek().charAt(0)) && peek(1).equals("(");
    }

    boolean atValue() {
        return peek().startsWith(":");
    }

    /** Whether the parenthesis here holds nothing but another one. */
    boolean atRedundantParentheses() {
        return peek(1).equals("(") && closing(next + 1) + 1 == closing(next);
    }

    private int closing(int opening) {
        int depth = 0;
        for (int i = opening; i < tokens.size(); i++) {
            switch (tokens.get(i)) {
                case "(" -> depth++;
                case ")" -> depth--;
                default -> {}
            }
            if (depth == 0) {
                return i;
            }
        }
        throw syntaxError();
    }

    Operand.Value value() {
        if (!atValue()) {
            throw syntaxError();
        }
        usedValues.add(peek());
        return new Operand.Value(take());
    }

    /** The name of a top-level attribute, behind a placeholder or not. */
    String attribute() {
        String token = peek();
        if (!Character.isLetter(token.charAt(0)) && !token.startsWith("#")) {
            throw syntaxError();
        }
        next++;
        if (peek().equals(".") || peek().equals("[")) {
            throw new UnsupportedOperationException("the model knows no nested paths: " + token + peek() + "…");
        }
        if (!token.startsWith("#")) {
            if (ReservedWords.contains(token)) {
                throw refusal("Attribute name is a reserved keyword; reserved keyword: " + token);
            }
            return token;
        }
        String name = names.get(token);
        if (name == null) {
            throw refusal(
                    "An expression attribute name used in the document path is not defined; attribute name: " + token);
        }
        usedNames.add(token);
        return name;
    }

    Operand operand() {
        if (atFunction()) {
            throw new UnsupportedOperationException("the model knows no function " + peek() + " as an operand");
        }
        return atValue() ? value() : new Operand.Attribute(attribute());
    }

    /** The first argument of a function that wants an attribute. */
    String attributeFor(String function) {
        if (atValue()) {
            throw refusal("Operator or function requires a document path; operator or function: " + function);
        }
        return attribute();
    }

    <T> Parsed<T> parsed(T tree) {
        return new Parsed<>(tree, Set.copyOf(usedNames), Set.copyOf(usedValues));
    }

    Refusal syntaxError() {
        return refusal("Syntax error; token: \"" + peek() + "\", near: \""
                + String.join(" ", tokens.subList(Math.max(0, next - 1), Math.min(tokens.size(), next + 2))) + "\"");
    }

    Refusal refusal(String problem) {
        return new Refusal("Invalid " + kind + ": " + problem);
    }
}
