package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.breakwater.topology.Topology;
import org.junit.jupiter.api.Test;

class HandlersTest {

    @Test
    void everyFunctionsHandlerIsAClassThatLambdaCanMake() {
        assertThat(Topology.FUNCTIONS)
                .allSatisfy(function -> assertThat(Class.forName(function.handler())
                                .asSubclass(RequestStreamHandler.class)
                                .getConstructor())
                        .isNotNull());
    }
}
