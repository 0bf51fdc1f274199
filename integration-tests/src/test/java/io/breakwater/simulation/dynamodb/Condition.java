package io.breakwater.simulation.dynamodb;

/** A parsed condition expression. */
sealed interface Condition {
    record And(Condition left, Condition right) implements Condition {}

    record Or(Condition left, Condition right) implements Condition {}

    record Not(Condition condition) implements Condition {}

    record Exists(Operand.Path path) implements Condition {}

    record BeginsWith(Operand operand, Operand prefix) implements Condition {}

    record Between(Operand operand, Operand low, Operand high) implements Condition {}

    record Compare(Operand left, Comparator comparator, Operand right) implements Condition {}

    enum Comparator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }
}
