package io.breakwater.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;

/** The functions that are deployed, wired as they are there. */
final class Deployed {
    static final Functions FUNCTIONS = new Functions(
            settings -> (event, context) ->
                    APIGatewayV2HTTPResponse.builder().withStatusCode(501).build(),
            settings -> (event, context) -> null);

    private Deployed() {}
}
