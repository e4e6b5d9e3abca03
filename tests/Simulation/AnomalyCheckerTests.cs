namespace NeuroDb.Tests.Simulation;

/// <summary>The checker finds what is planted, and nothing where nothing is.</summary>
public sealed class AnomalyCheckerTests
{
    [Fact]
    public void A_serial_history_has_no_anomaly() => Assert.Empty(Kinds(
        Transaction(Append(1, 10), Append(1, 11), Append(2, 20)),
        Transaction(See(1, 10, 11), Append(2, 21)),
        Transaction(See(1, 10, 11), See(2, 20, 21))));

    [Fact]
    public void Writes_in_opposite_orders_are_G0() => Assert.Contains(AnomalyKind.G0, Kinds(
        Transaction(Append(1, 10), Append(2, 20)),
        Transaction(Append(1, 11), Append(2, 21)),
        Transaction(See(1, 10, 11), See(2, 21, 20))));

    [Fact]
    public void A_read_of_an_aborted_append_is_G1a()
    {
        HistoryTransaction aborted = Transaction(Append(1, 10));
        aborted.Outcome = HistoryOutcome.Aborted;
        Assert.Contains(AnomalyKind.G1a, Kinds(aborted, Transaction(See(1, 10))));
    }

    [Fact]
    public void A_read_in_the_middle_of_a_transaction_is_G1b() => Assert.Contains(
        AnomalyKind.G1b,
        Kinds(
            Transaction(Append(1, 10), Append(1, 11)),
            Transaction(See(1, 10)),
            Transaction(See(1, 10, 11))));

    [Fact]
    public void Two_that_read_what_the_other_wrote_are_G1c() => Assert.Contains(
        AnomalyKind.G1c,
        Kinds(
            Transaction(Append(1, 10), See(2, 20)),
            Transaction(Append(2, 20), See(1, 10)),
            Transaction(See(1, 10), See(2, 20))));

    [Fact]
    public void A_read_of_half_a_transaction_is_GSingle() => Assert.Contains(
        AnomalyKind.GSingle,
        Kinds(
            Transaction(Append(1, 10), Append(2, 20)),
            Transaction(See(1), See(2, 20)),
            Transaction(See(1, 10), See(2, 20))));

    [Fact]
    public void A_snapshot_older_than_its_begin_is_GSingle()
    {
        HistoryTransaction first = Transaction(Append(1, 10));
        (first.BeginTime, first.EndTime) = (1, 2);
        HistoryTransaction late = Transaction(See(1));
        (late.BeginTime, late.EndTime) = (3, 4);
        Assert.Contains(AnomalyKind.GSingle, Kinds(first, late, Transaction(See(1, 10))));
    }

    [Fact]
    public void Two_readers_that_disagree_on_the_order_of_two_writers_are_GNonadjacent() =>
        Assert.Contains(
            AnomalyKind.GNonadjacent,
            Kinds(
                Transaction(Append(1, 10)),
                Transaction(Append(2, 20)),
                Transaction(See(1, 10), See(2)),
                Transaction(See(1), See(2, 20)),
                Transaction(See(1, 10), See(2, 20))));

    [Fact]
    public void Write_skew_is_G2_which_snapshots_allow()
    {
        AnomalyKind[] kinds = Kinds(
            Transaction(See(1), Append(2, 20)),
            Transaction(See(2), Append(1, 10)),
            Transaction(See(1, 10), See(2, 20)));
        Assert.Equal([AnomalyKind.G2], kinds);
    }

    [Fact]
    public void A_lost_update_is_found() => Assert.Contains(AnomalyKind.LostAppend, Kinds(
        Transaction(See(1), Append(1, 10)),
        Transaction(See(1), Append(1, 11)),
        Transaction(See(1, 11))));

    [Fact]
    public void Lists_that_do_not_continue_each_other_are_found() => Assert.Contains(
        AnomalyKind.IncompatibleOrder,
        Kinds(
            Transaction(Append(1, 10)),
            Transaction(Append(1, 11)),
            Transaction(See(1, 10)),
            Transaction(See(1, 11, 10))));

    [Fact]
    public void A_transaction_that_does_not_see_its_own_append_is_found() => Assert.Contains(
        AnomalyKind.Internal,
        Kinds(Transaction(Append(1, 10), See(1)), Transaction(See(1, 10))));

    private static HistoryOperation Append(long key, long value) =>
        HistoryOperation.Append(key, value);

    private static HistoryOperation See(long key, params long[] list) =>
        HistoryOperation.See(key, list);

    private static HistoryTransaction Transaction(params HistoryOperation[] operations)
    {
        var transaction = new HistoryTransaction(0) { Outcome = HistoryOutcome.Committed };
        transaction.Operations.AddRange(operations);
        return transaction;
    }

    private static AnomalyKind[] Kinds(params HistoryTransaction[] transactions)
    {
        var history = new List<HistoryTransaction>();
        foreach (HistoryTransaction one in transactions)
        {
            var copy = new HistoryTransaction(history.Count)
            {
                Outcome = one.Outcome,
                BeginTime = one.BeginTime,
                EndTime = one.EndTime,
            };
            copy.Operations.AddRange(one.Operations);
            history.Add(copy);
        }

        return [.. AnomalyChecker.Check(history).Select(static one => one.Kind).Distinct()];
    }
}
