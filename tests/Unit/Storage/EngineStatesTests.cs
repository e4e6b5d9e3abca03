using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The applied and the visible state.</summary>
public sealed class EngineStatesTests
{
    [Fact]
    public void Commits_of_rows_move_the_timestamp_alone_and_never_back()
    {
        var first = new EngineState(3, CatalogView.Empty, new Generation());
        var states = new EngineStates(first);
        states.Applied = first with { Timestamp = 4 };
        Assert.Equal(first, states.Published);

        states.Publish(states.Applied);
        Assert.Equal(first with { Timestamp = 4 }, states.Published);
        states.Publish(first);
        Assert.Equal(4, states.Published.Timestamp);
    }

    [Fact]
    public void A_state_that_was_applied_before_a_generation_shows_the_newest_one()
    {
        var generation = new Generation();
        var states = new EngineStates(new EngineState(1, CatalogView.Empty, generation));
        EngineState before = states.Applied with { Timestamp = 2 };
        Generation next = generation.Supersede(
            new Dictionary<VersionedTable, TableLayout>());
        states.Applied = before with { Generation = next };

        states.Publish(before);
        Assert.Equal(states.Applied, states.Published);

        states.Applied = states.Applied with { Generation = next.Supersede(
            new Dictionary<VersionedTable, TableLayout>()) };
        states.PublishGeneration();
        Assert.Equal(states.Applied, states.Published);
    }
}
