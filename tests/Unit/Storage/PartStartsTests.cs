using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Large transactions hold back where the log may begin; replay bears the cut.</summary>
public sealed class PartStartsTests
{
    private const long Checkpoint = 5;

    [Fact]
    public void The_oldest_running_transaction_holds_the_log_back()
    {
        using RecordLog log = LogFixture.Create(new MemoryFileSystem(keepsJournal: false));
        var parts = new PartStarts(log);
        Assert.Equal(log.CommittedEnd, parts.FirstNeeded);
        LogFixture.Write(log, [1]);
        LogPosition first = log.CommittedEnd;
        parts.Begin(1);
        LogFixture.Write(log, [2]);
        LogPosition second = log.CommittedEnd;
        parts.Begin(2);
        LogFixture.Write(log, [3]);
        Assert.Equal(first, parts.FirstNeeded);
        parts.End(1);
        Assert.Equal(second, parts.FirstNeeded);
        parts.End(2);
        Assert.Equal(log.CommittedEnd, parts.FirstNeeded);
        Assert.Equal(0, parts.Count);
    }

    [Fact]
    public void Commits_up_to_the_checkpoint_are_passed_over_with_their_parts()
    {
        var replay = new TransactionReplay("log", Checkpoint);
        Replay(replay, RecordKind.Part, 7L, 3);
        Replay(replay, RecordKind.Commit, 4L, 0L, 99L, 98L);
        Replay(replay, RecordKind.Part, 8L, 0);
        Replay(replay, RecordKind.Part, 7L, 4);
        Replay(replay, RecordKind.CommitOfParts, 5L, 0L, 7L, 5, 0);
        Replay(replay, RecordKind.AbandonParts, 6L);
        Assert.Equal(0, replay.TransactionCount);
        Assert.Equal(Checkpoint, replay.State.Timestamp);
        Assert.Equal(8, replay.LastPartTransaction);
        Assert.Equal(1, replay.UncommittedCount);
        Replay(replay, RecordKind.Commit, 6L, 0L, 0, (byte)0);
        Assert.Equal(1, replay.TransactionCount);
        Assert.Equal(6, replay.State.Timestamp);
    }

    [Fact]
    public void A_commit_behind_the_checkpoint_needs_all_its_parts()
    {
        var replay = new TransactionReplay("log", Checkpoint);
        Replay(replay, RecordKind.Part, 7L, 1);
        Assert.Throws<CorruptionException>(
            () => Replay(replay, RecordKind.CommitOfParts, 6L, 0L, 7L, 2, 0));
    }

    [Fact]
    public void A_log_without_a_checkpoint_begins_with_the_first_part()
    {
        var replay = new TransactionReplay("log");
        Assert.Throws<CorruptionException>(() => Replay(replay, RecordKind.Part, 7L, 1));
        Assert.Throws<CorruptionException>(() => Replay(replay, RecordKind.AbandonParts, 7L));
    }

    private static void Replay(TransactionReplay replay, RecordKind kind, params object[] fields)
    {
        var group = new LogGroup();
        group.BeginRecord();
        group.WriteHeader(kind);
        foreach (object field in fields)
        {
            switch (field)
            {
                case long value:
                    group.WriteInt64(value);
                    break;
                case int value:
                    group.WriteInt32(value);
                    break;
                default:
                    group.WriteByte((byte)field);
                    break;
            }
        }

        group.EndRecord();
        replay.Replay(group.Content[sizeof(int)..].ToArray());
    }
}
