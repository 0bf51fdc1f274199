package io.breakwater.simulation.dynamodb;

import io.breakwater.simulation.dynamodb.Condition.Operator;
import java.util.Arrays;

/** Reads condition expressions and key conditions. OR binds loosest, then AND, then NOT. */
final class ConditionParser {
    private final Tokens tokens;

    private ConditionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    static Parsed<Condition> parse(String kind, Expressions.Source source) {
        Tokens tokens = new Tokens(kind, source);
        Condition condition = new ConditionParser(tokens).disjunction();
        tokens.expectEnd();
        return tokens.parsed(condition);
    }

    private Condition disjunction() {
        Condition condition = conjunction();
        while (tokens.takeIf("OR")) {
            condition = new Condition.Or(condition, conjunction());
        }
        return condition;
    }

    private Condition conjunction() {
        Condition condition = negation();
        while (tokens.takeIf("AND")) {
            condition = new Condition.And(condition, negation());
        }
        return condition;
    }

    private Condition negation() {
        return tokens.takeIf("NOT") ? new Condition.Not(negation()) : primary();
    }

    private Condition primary() {
        if (tokens.peek().equals("(")) {
            return inParentheses();
        }
        return tokens.atFunction() ? function() : comparison();
    }

    private Condition inParentheses() {
        if (tokens.atRedundantParentheses()) {
            throw tokens.refusal("The expression has redundant parentheses;");
        }
        tokens.expect("(");
        Condition condition = disjunction();
        tokens.expect(")");
        return condition;
    }

    private Condition function() {
        String name = tokens.take();
        tokens.expect("(");
        Condition condition = switch (name) {
            case "attribute_exists" -> new Condition.Exists(tokens.attributeFor(name));
            case "attribute_not_exists" -> new Condition.NotExists(tokens.attributeFor(name));
            case "begins_with" -> beginsWith();
            case "attribute_type", "contains", "size" ->
                throw new UnsupportedOperationException("the model knows no function " + name);
            default -> throw tokens.refusal("Invalid function name; function: " + name);
        };
        tokens.expect(")");
        return condition;
    }

    private Condition beginsWith() {
        Operand operand = tokens.operand();
        tokens.expect(",");
        Operand prefix = tokens.operand();
        distinct("begins_with", operand, prefix);
        return new Condition.BeginsWith(operand, prefix);
    }

    private Condition comparison() {
        Operand left = tokens.operand();
        if (tokens.takeIf("BETWEEN")) {
            Operand lower = tokens.operand();
            tokens.expect("AND");
            Operand upper = tokens.operand();
            distinct("BETWEEN", left, lower, upper);
            return new Condition.Between(left, lower, upper);
        }
        if (tokens.peek().equalsIgnoreCase("IN")) {
            throw new UnsupportedOperationException("the model knows no operator IN");
        }
        Operator operator = operator();
        Operand right = tokens.operand();
        distinct(operator.symbol(), left, right);
        return new Condition.Comparison(left, operator, right);
    }

    private Operator operator() {
        return Arrays.stream(Operator.values())
                .filter(operator -> tokens.takeIf(operator.symbol()))
                .findFirst()
                .orElseThrow(tokens::syntaxError);
    }

    private void distinct(String operator, Operand first, Operand... others) {
        if (Arrays.asList(others).contains(first)) {
            throw tokens.refusal("The first operand must be distinct from the remaining operands for this operator or "
                    + "function; operator: " + operator + ", operand: [" + first + "]");
        }
    }
}
