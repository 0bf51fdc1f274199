package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Yaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ApiRouteTest {
    private static final Path OPENAPI = Path.of("../functions/src/main/resources/openapi.yaml");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

    @Test
    void whatIsDocumentedIsRoutedAndNothingElse() throws IOException {
        JsonNode paths = Yaml.MAPPER.readTree(OPENAPI.toFile()).path("paths");
        Set<String> documented = paths.properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .map(operation -> operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .collect(Collectors.toSet());

        assertThat(ApiRoute.ALL.stream().map(route -> route.method() + " " + route.path()))
                .containsExactlyInAnyOrderElementsOf(documented);
    }
}
