package io.breakwater.simulation.dynamodb;

/** A leaf of an expression. */
sealed interface Operand {
    /** The attribute of the item, its name already resolved. */
    record Attribute(String name) implements Operand {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The request's value for a placeholder such as {@code :epoch}. */
    record Value(String placeholder) implements Operand {
        @Override
        public String toString() {
            return placeholder;
        }
    }
}
