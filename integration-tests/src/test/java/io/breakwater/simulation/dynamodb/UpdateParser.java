package io.breakwater.simulation.dynamodb;

import io.breakwater.simulation.dynamodb.Update.Addition;
import io.breakwater.simulation.dynamodb.Update.Assignment;
import io.breakwater.simulation.dynamodb.Update.Term;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads update expressions: SET, ADD and REMOVE, each at most once and in any order. */
final class UpdateParser {
    private final Tokens tokens;
    private final List<Assignment> sets = new ArrayList<>();
    private final List<Addition> adds = new ArrayList<>();
    private final List<String> removes = new ArrayList<>();
    private final Set<String> attributes = new HashSet<>();
    private final Set<String> clauses = new HashSet<>();

    private UpdateParser(Tokens tokens) {
        this.tokens = tokens;
    }

    static Parsed<Update> parse(Expressions.Source source) {
        Tokens tokens = new Tokens("UpdateExpression", source);
        return tokens.parsed(new UpdateParser(tokens).update());
    }

    private Update update() {
        while (!tokens.atEnd()) {
            clause();
        }
        return new Update(List.copyOf(sets), List.copyOf(adds), List.copyOf(removes), Set.copyOf(attributes));
    }

    private void clause() {
        String clause = tokens.peek().toUpperCase(Locale.ROOT);
        Runnable action = switch (clause) {
            case "SET" -> this::assignment;
            case "ADD" -> this::addition;
            case "REMOVE" -> () -> removes.add(target());
            case "DELETE" -> throw new UnsupportedOperationException("the model knows no sets to DELETE from");
            default -> throw tokens.syntaxError();
        };
        if (!clauses.add(clause)) {
            throw tokens.refusal("The \"" + clause + "\" section can only be used once in an update expression;");
        }
        tokens.take();
        do {
            action.run();
        } while (tokens.takeIf(","));
    }

    private void assignment() {
        String attribute = target();
        tokens.expect("=");
        sets.add(new Assignment(attribute, value()));
    }

    private void addition() {
        adds.add(new Addition(target(), tokens.value()));
    }

    private String target() {
        String attribute = tokens.attribute();
        if (!attributes.add(attribute)) {
            throw tokens.refusal(
                    "Two document paths overlap with each other; must remove or rewrite one of these paths;"
                            + " path one: [" + attribute + "], path two: [" + attribute + "]");
        }
        return attribute;
    }

    private Term value() {
        Term left = term();
        if (tokens.takeIf("+")) {
            return new Term.Sum(left, term());
        }
        return tokens.takeIf("-") ? new Term.Difference(left, term()) : left;
    }

    private Term term() {
        return tokens.atFunction() ? function() : new Term.Of(tokens.operand());
    }

    private Term function() {
        String name = tokens.take();
        return switch (name) {
            case "if_not_exists" -> ifNotExists(name);
            case "list_append" -> throw new UnsupportedOperationException("the model knows no function " + name);
            default -> throw tokens.refusal("Invalid function name; function: " + name);
        };
    }

    private Term ifNotExists(String name) {
        tokens.expect("(");
        String attribute = tokens.attributeFor(name);
        tokens.expect(",");
        Term otherwise = term();
        tokens.expect(")");
        if (otherwise.equals(new Term.Of(new Operand.Attribute(attribute)))) {
            throw tokens.refusal("The first operand must be distinct from the remaining operands for this operator or "
                    + "function; operator: " + name + ", operand: [" + attribute + "]");
        }
        return new Term.IfNotExists(attribute, otherwise);
    }
}
