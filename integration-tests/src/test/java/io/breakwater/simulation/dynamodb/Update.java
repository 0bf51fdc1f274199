package io.breakwater.simulation.dynamodb;

import java.util.List;

/** A parsed update expression. */
record Update(List<Clause> clauses) {

    /** What happens to one attribute. */
    sealed interface Clause {
        Operand.Path target();

        record Set(Operand.Path target, Term term) implements Clause {}

        record Add(Operand.Path target, Operand.Value value) implements Clause {}

        record Remove(Operand.Path target) implements Clause {}
    }

    /** The right side of a SET. */
    sealed interface Term {
        record Plain(Operand operand) implements Term {}

        record IfNotExists(Operand.Path path, Operand fallback) implements Term {}

        record Sum(Term left, Term right, boolean minus) implements Term {}
    }
}
