package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationLogTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1,"
                        + " 1-5759e988-bd862e3fe1be46a994272793",
                "Parent=53995c3f42cd8ad8;Root=1-a-b, 1-a-b",
                "Self=1-c-d, -",
                "-, -",
            })
    void theTraceIdIsTheHeadersRoot(String header, String traceId) {
        assertThat(InvocationLog.traceId(header)).isEqualTo(traceId);
    }
}
