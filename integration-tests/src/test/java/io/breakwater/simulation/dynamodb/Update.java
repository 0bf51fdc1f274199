package io.breakwater.simulation.dynamodb;

import java.util.List;
import java.util.Set;

/**
 * An update expression, parsed.
 *
 * @param attributes all that it writes or removes, each once
 */
record Update(List<Assignment> sets, List<Addition> adds, List<String> removes, Set<String> attributes) {

    /** {@code SET attribute = value}. */
    record Assignment(String attribute, Term value) {}

    /** {@code ADD attribute :value}. */
    record Addition(String attribute, Operand.Value value) {}

    /** The right side of an assignment. */
    sealed interface Term {
        record Of(Operand operand) implements Term {}

        record IfNotExists(String attribute, Term otherwise) implements Term {}

        record Sum(Term left, Term right) implements Term {}

        record Difference(Term left, Term right) implements Term {}
    }
}
