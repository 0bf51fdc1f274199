package io.breakwater.local.simulator;

/** What a call is aimed at: a model in a region. */
record Target(String region, String model) {
    @Override
    public String toString() {
        return region + "/" + model;
    }
}
