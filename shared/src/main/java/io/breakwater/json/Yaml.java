package io.breakwater.json;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads YAML as JSON trees, as strictly as {@link Json} reads JSON; {@code off} is a word, not false. */
public final class Yaml {
    public static final ObjectMapper MAPPER = YAMLMapper.builder()
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Yaml() {}

    /** Reads a YAML or JSON resource of our own, which is there and well formed. */
    public static JsonNode resource(Class<?> owner, String name) {
        try (InputStream stream = owner.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + name + " of " + owner.getName() + " is missing");
            }
            return MAPPER.readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + name + " of " + owner.getName(), e);
        }
    }
}
