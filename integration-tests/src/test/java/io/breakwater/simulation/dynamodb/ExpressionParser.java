package io.breakwater.simulation.dynamodb;

import io.breakwater.simulation.dynamodb.Condition.Comparator;
import io.breakwater.simulation.dynamodb.Update.Clause;
import io.breakwater.simulation.dynamodb.Update.Term;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads condition and update expressions by recursive descent. A text it cannot read may be one that DynamoDB can, so it
 * is refused as unsupported, not as invalid.
 */
final class ExpressionParser {
    private static final Pattern TOKEN = Pattern.compile("\\s*([#:]?[A-Za-z0-9_]+|<>|<=|>=|[=<>(),+-])\\s*");
    private static final Pattern NAME = Pattern.compile("#\\w+|[A-Za-z_]\\w*");
    private static final Set<String> KEYWORDS =
            Set.of("AND", "OR", "NOT", "BETWEEN", "IN", "SET", "ADD", "REMOVE", "DELETE");
    private static final Map<String, Comparator> COMPARATORS = Map.of(
            "=", Comparator.EQUAL,
            "<>", Comparator.NOT_EQUAL,
            "<", Comparator.LESS,
            "<=", Comparator.LESS_OR_EQUAL,
            ">", Comparator.GREATER,
            ">=", Comparator.GREATER_OR_EQUAL);
    private static final String END = "";

    private final String text;
    private final List<String> tokens;
    private final Set<String> placeholders = new HashSet<>();
    private int position;

    private ExpressionParser(String text) {
        this.text = text;
        this.tokens = tokens(text);
    }

    static Expression<Condition> condition(String text) {
        ExpressionParser parser = new ExpressionParser(text);
        Condition condition = parser.disjunction();
        parser.expect(END);
        return new Expression<>(condition, Set.copyOf(parser.placeholders));
    }

    static Expression<Update> update(String text) {
        ExpressionParser parser = new ExpressionParser(text);
        Update update = parser.clauses();
        parser.expect(END);
        return new Expression<>(update, Set.copyOf(parser.placeholders));
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find(end) && matcher.start() == end) {
            tokens.add(matcher.group(1));
            end = matcher.end();
        }
        if (end < text.length()) {
            throw new UnsupportedOperationException("'%s' in '%s'".formatted(text.substring(end), text));
        }
        if (tokens.isEmpty()) {
            throw Failures.invalid("The expression can not be empty");
        }
        return tokens;
    }

    private Update clauses() {
        Set<String> sections = new HashSet<>();
        List<Clause> clauses = new ArrayList<>();
        while (position < tokens.size()) {
            String section = next().toUpperCase(Locale.ROOT);
            if (!sections.add(section)) {
                throw Failures.invalid("The \"%s\" section can only be used once".formatted(section));
            }
            do {
                clauses.add(clause(section));
            } while (accept(","));
        }
        return new Update(List.copyOf(clauses));
    }

    private Clause clause(String section) {
        return switch (section) {
            case "SET" -> {
                Operand.Path target = path();
                expect("=");
                yield new Clause.Set(target, sum());
            }
            case "ADD" -> new Clause.Add(path(), value());
            case "REMOVE" -> new Clause.Remove(path());
            default -> throw unsupported(section);
        };
    }

    private Term sum() {
        Term left = term();
        if (accept("+")) {
            return new Term.Sum(left, term(), false);
        }
        return accept("-") ? new Term.Sum(left, term(), true) : left;
    }

    private Term term() {
        if (!acceptFunction("if_not_exists")) {
            return new Term.Plain(operand());
        }
        Operand.Path path = path();
        expect(",");
        Operand fallback = operand();
        expect(")");
        return new Term.IfNotExists(path, fallback);
    }

    private Condition disjunction() {
        Condition condition = conjunction();
        while (accept("OR")) {
            condition = new Condition.Or(condition, conjunction());
        }
        return condition;
    }

    private Condition conjunction() {
        Condition condition = negation();
        while (accept("AND")) {
            condition = new Condition.And(condition, negation());
        }
        return condition;
    }

    private Condition negation() {
        return accept("NOT") ? new Condition.Not(negation()) : primary();
    }

    private Condition primary() {
        if (accept("(")) {
            int start = position;
            Condition condition = disjunction();
            expect(")");
            if (tokens.get(start).equals("(") && closing(start) == position - 2) {
                throw Failures.invalid("The expression has redundant parentheses");
            }
            return condition;
        }
        if (acceptFunction("attribute_exists")) {
            return exists();
        }
        if (acceptFunction("attribute_not_exists")) {
            return new Condition.Not(exists());
        }
        if (acceptFunction("begins_with")) {
            Operand operand = operand();
            expect(",");
            Operand prefix = operand();
            expect(")");
            return new Condition.BeginsWith(operand, prefix);
        }
        return comparison(operand());
    }

    private Condition exists() {
        Operand.Path path = path();
        expect(")");
        return new Condition.Exists(path);
    }

    private Condition comparison(Operand left) {
        if (accept("BETWEEN")) {
            Operand low = operand();
            expect("AND");
            return new Condition.Between(left, low, operand());
        }
        String token = next();
        Comparator comparator = COMPARATORS.get(token);
        if (comparator == null) {
            throw unsupported(token);
        }
        return new Condition.Compare(left, comparator, operand());
    }

    private int closing(int opening) {
        int depth = 0;
        for (int i = opening; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.equals("(")) {
                depth++;
            } else if (token.equals(")") && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private Operand operand() {
        return peek().startsWith(":") ? value() : path();
    }

    private Operand.Path path() {
        String token = next();
        if (!NAME.matcher(token).matches() || KEYWORDS.contains(token.toUpperCase(Locale.ROOT)) || peek().equals("(")) {
            throw unsupported(token);
        }
        if (token.startsWith("#")) {
            placeholders.add(token);
        }
        return new Operand.Path(token);
    }

    private Operand.Value value() {
        String token = next();
        if (!token.startsWith(":")) {
            throw unsupported(token);
        }
        placeholders.add(token);
        return new Operand.Value(token);
    }

    private String peek() {
        return position < tokens.size() ? tokens.get(position) : END;
    }

    private String next() {
        String token = peek();
        position++;
        return token;
    }

    private boolean accept(String token) {
        if (!peek().equalsIgnoreCase(token)) {
            return false;
        }
        position++;
        return true;
    }

    private boolean acceptFunction(String name) {
        boolean called = position + 1 < tokens.size()
                && tokens.get(position).equals(name)
                && tokens.get(position + 1).equals("(");
        if (called) {
            position += 2;
        }
        return called;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw unsupported(peek());
        }
    }

    private UnsupportedOperationException unsupported(String token) {
        return new UnsupportedOperationException("'%s' in '%s'".formatted(token, text));
    }
}
