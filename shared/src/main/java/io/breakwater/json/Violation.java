package io.breakwater.json;

/**
 * One thing that is wrong with a document.
 *
 * @param field where: {@code messages[1].content}; empty for the document itself
 * @param message what is wrong and what would be right
 */
public record Violation(String field, String message) {
    @Override
    public String toString() {
        return field.isEmpty() ? message : field + ": " + message;
    }
}
