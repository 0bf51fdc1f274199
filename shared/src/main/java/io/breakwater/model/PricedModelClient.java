package io.breakwater.model;

import java.time.Duration;

/** A client whose replies say what they cost, by the prices that hold when they are made. */
public final class PricedModelClient implements ModelClient {
    private final ModelClient client;
    private final PriceList prices;

    public PricedModelClient(ModelClient client, PriceList prices) {
        this.client = client;
        this.prices = prices;
    }

    @Override
    public ModelResult call(Endpoint endpoint, ModelRequest request, Duration timeout) {
        return switch (client.call(endpoint, request, timeout)) {
            case ModelResult.Reply reply ->
                new ModelResult.Reply(reply.text(), prices.priced(endpoint.model(), reply.usage()), reply.stopReason());
            case ModelResult.Failure failure -> failure;
        };
    }
}
