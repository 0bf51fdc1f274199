package io.breakwater.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A JSON Schema (2020-12) that names everything that is wrong with a document at once, in words fit to print.
 *
 * <p>A schema says in {@value #MESSAGE} what its {@code pattern} means, or that of its {@code propertyNames}.
 */
public final class JsonSchema {
    /** More than anybody reads, and little enough to send. */
    public static final int MAX_VIOLATIONS = 100;

    private static final String MESSAGE = "x-message";
    private static final String ROOT = "urn:breakwater:schema";
    private static final int QUOTED_LENGTH = 60;

    private final JsonNode document;
    private final Schema schema;

    private JsonSchema(JsonNode document, Schema schema) {
        this.document = document;
        this.schema = schema;
    }

    /**
     * The schema at a place of a document, such as {@code /components/schemas/JobRequest} of an OpenAPI file; its
     * references are into the same document.
     */
    public static JsonSchema of(JsonNode document, String pointer) {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(iri -> iri.equals(ROOT) ? document.toString() : null));
        Schema schema = registry.getSchema(SchemaLocation.of(ROOT + "#" + pointer));
        schema.initializeValidators();
        return new JsonSchema(document, schema);
    }

    /** What is wrong with the instance, at most {@value #MAX_VIOLATIONS} things; empty when it is valid. */
    public List<Violation> violations(JsonNode instance) {
        List<Error> errors = schema.validate(instance);
        if (errors.isEmpty()) {
            return List.of();
        }
        Set<String> wrongTypes = new HashSet<>();
        for (Error error : errors) {
            if (error.getKeyword().equals("type")) {
                wrongTypes.add(error.getInstanceLocation().toString());
            }
        }
        List<Violation> violations = new ArrayList<>();
        for (Error error : errors) {
            boolean followsFromType = !error.getKeyword().equals("type")
                    && wrongTypes.contains(error.getInstanceLocation().toString());
            if (!followsFromType && violations.size() < MAX_VIOLATIONS) {
                violations.add(violation(error));
            }
        }
        return violations.stream().distinct().toList();
    }

    private Violation violation(Error error) {
        String at = path(error.getInstanceLocation());
        JsonNode limit = error.getSchemaNode();
        JsonNode found = error.getInstanceNode();
        return switch (error.getKeyword()) {
            case "required" -> new Violation(child(at, error.getProperty()), "is required");
            case "additionalProperties", "unevaluatedProperties" ->
                new Violation(
                        child(at, quotable(error.getProperty())),
                        "is not a known field" + Spelling.suggestion(error.getProperty(), knownFields(error)));
            case "type" ->
                new Violation(
                        at,
                        "must be " + type(limit) + ", was "
                                + article(found.getNodeType().name()));
            case "enum" -> new Violation(at, "must be one of " + words(limit) + ", was " + quote(found));
            case "minimum" -> new Violation(at, "must be at least " + limit.asText() + ", was " + quote(found));
            case "maximum" -> new Violation(at, "must be at most " + limit.asText() + ", was " + quote(found));
            case "exclusiveMinimum" ->
                new Violation(at, "must be more than " + limit.asText() + ", was " + quote(found));
            case "minLength" -> new Violation(at, shortest(limit, "characters"));
            case "minItems" -> new Violation(at, shortest(limit, "items"));
            case "minProperties" -> new Violation(at, shortest(limit, "entries"));
            case "maxLength" ->
                new Violation(at, "must have at most " + limit.asText() + " characters, has " + length(found));
            case "maxItems" -> new Violation(at, "must have at most " + limit.asText() + " items, has " + found.size());
            case "maxProperties" ->
                new Violation(at, "must have at most " + limit.asText() + " entries, has " + found.size());
            case "propertyNames" ->
                new Violation(
                        child(at, quotable(error.getProperty())),
                        limit.path(MESSAGE).asText(error.getMessage()));
            case "pattern" -> new Violation(at, pattern(error));
            default -> new Violation(at, error.getMessage());
        };
    }

    private String pattern(Error error) {
        String meaning = parent(error)
                .path(MESSAGE)
                .asText("must match " + error.getSchemaNode().asText());
        return error.getInstanceNode().asText().isBlank()
                ? meaning
                : meaning + ", was " + quote(error.getInstanceNode());
    }

    private List<String> knownFields(Error error) {
        return StreamSupport.stream(
                        ((Iterable<String>)
                                        () -> parent(error).path("properties").fieldNames())
                                .spliterator(),
                        false)
                .toList();
    }

    /** The schema object that holds the keyword which found the error. */
    private JsonNode parent(Error error) {
        NodePath keyword = error.getSchemaLocation().getFragment();
        JsonNode node = document;
        for (int i = 0; i < keyword.getNameCount() - 1; i++) {
            Object element = keyword.getElement(i);
            node = element instanceof Integer index ? node.path(index) : node.path(element.toString());
        }
        return node;
    }

    private static String path(NodePath location) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < location.getNameCount(); i++) {
            switch (location.getElement(i)) {
                case Integer index -> path.append('[').append(index).append(']');
                case Object name -> path.append(path.isEmpty() ? "" : ".").append(quotable(name.toString()));
            }
        }
        return path.toString();
    }

    private static String child(String parent, String name) {
        return parent.isEmpty() ? name : parent + "." + name;
    }

    private static String shortest(JsonNode limit, String unit) {
        return limit.asInt() == 1 ? "must not be empty" : "must have at least " + limit.asText() + " " + unit;
    }

    private static int length(JsonNode text) {
        return text.textValue().codePointCount(0, text.textValue().length());
    }

    private static String type(JsonNode type) {
        return article(type.asText());
    }

    private static String article(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "null" -> "null";
            case "missing" -> "nothing";
            case "integer" -> "an integer";
            case "array" -> "an array";
            case "object" -> "an object";
            case String other -> "a " + other;
        };
    }

    private static String words(JsonNode values) {
        List<String> words = new ArrayList<>();
        values.forEach(value -> words.add(value.asText()));
        return String.join(", ", words);
    }

    private static String quote(JsonNode value) {
        return quotable(value.toString());
    }

    private static String quotable(String text) {
        if (text.length() <= QUOTED_LENGTH) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(QUOTED_LENGTH - 1)) ? QUOTED_LENGTH - 1 : QUOTED_LENGTH;
        return text.substring(0, end) + "…";
    }
}
