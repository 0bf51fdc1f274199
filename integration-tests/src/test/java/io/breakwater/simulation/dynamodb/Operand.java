package io.breakwater.simulation.dynamodb;

/** What an expression names: an attribute, or a value of the request. */
sealed interface Operand {

    /**
     * A top-level attribute.
     *
     * @param text its name, or a placeholder such as {@code #name}
     */
    record Path(String text) implements Operand {}

    /**
     * A value of the request.
     *
     * @param text its placeholder, such as {@code :value}
     */
    record Value(String text) implements Operand {}
}
