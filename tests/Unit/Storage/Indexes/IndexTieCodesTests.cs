using System.Globalization;
using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Second codes of texts leave of equal first codes what their values leave.</summary>
public sealed class IndexTieCodesTests
{
    private static readonly string[] Odd =
    [
        "", "h", "https:/", "https://", "https://example.com/", "https://example.com/\0",
        "https://example.com/\uffee", "https://example.com/\U0001f600",
        "https://example.com/\U0001f600\U0001f601", "https://example.com/\U0001f601",
        "https://example.com/z", "https://example.org/",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_has_the_entries_that_it_has_by_values_and_few_others(bool isDescending)
    {
        string[] texts = Texts();
        using StorageEngine engine =
            StorageEngine.Open(Seams(new MemoryFileSystem()), Root, Options);
        TableEntry table;
        using (StorageTransaction make = engine.Begin())
        {
            table = make.CreateTable(Named with { Keys = [] });
            make.Insert(table, Batch(Named, [.. texts.Select(
                static (text, i) => new[] { Value.Of(i), Value.Of(text) })]));
            make.Commit(Durability.Full);
        }

        using (StorageTransaction create = engine.Begin())
        {
            create.CreateIndex(new IndexSchema
            {
                Id = 0,
                Name = "by_name",
                TableId = table.Id,
                Kind = IndexKind.Learned,
                Columns = [new IndexColumn(1, isDescending, true)],
            });
            create.Commit(Durability.Full);
        }

        engine.Checkpoint(isFull: true, CancellationToken.None);
        using StorageTransaction transaction = engine.Begin();
        transaction.Catalog.TryGetTable("named", out table);
        SegmentFile file = transaction.State.Generation.LayoutOf(table.Rows).Parts.ToArray()
            .OfType<SealedRows>().Single().File;
        var index = LearnedIndex.Of(transaction.Catalog.IndexesOf(table).Single(), table);
        SegmentIndex segment = file.Indexes.Of(index);
        IndexRun run = segment.Run;
        string[] sought =
        [
            .. texts.Distinct(), .. Odd, "https://example.com/1/pag", "https://example.com/x",
            "https://example.con/1/page", "https://examples", "https://example.com/\ud83d",
            "https://example.com/a/river/long", "https://example.com/a/riverside/long/way/7",
        ];
        string[][] byValues = [.. sought.Select(text => Find(index, segment, run, text, texts))];
        Assert.Null(run.Ties);
        run.MakeTies(segment);
        Assert.NotNull(run.Ties);
        for (int i = 0; i < sought.Length; i++)
        {
            string text = sought[i];
            string[] found = Find(index, segment, run, text, texts);
            Assert.Equal(
                byValues[i].Where(one => one == text), found.Where(one => one == text));
            Assert.Equal(
                texts.Count(one => one == text), found.Count(one => one == text));
            Assert.True(found.Length < IndexTies.CountMin || found.All(one => one == text));
        }
    }

    [Fact]
    public void They_are_made_once_when_many_keys_were_told_apart_by_values()
    {
        var keys = new IndexKeys(
            new IndexSchema
            {
                Id = 1,
                Name = "i",
                TableId = 1,
                Kind = IndexKind.Learned,
                Columns = [new IndexColumn(1, false, true)],
            },
            Named);
        var run = new IndexRun(
            keys, [new([5, 5, 5, 5])], new([0, 1, 2, 3]), isLearned: false);
        for (int i = 0; i < 64; i++)
        {
            run.NoteTied();
            Assert.False(run.TryBeginTies());
        }

        run.NoteTied();
        Assert.True(run.TryBeginTies());
        run.NoteTied();
        Assert.False(run.TryBeginTies());
    }

    private static string[] Texts() =>
    [
        .. Enumerable.Range(0, 5000).Select(static i => string.Create(
            CultureInfo.InvariantCulture, $"https://example.com/{i * 7919 % 3000}/page")),
        .. Enumerable.Range(0, 4000).Select(static i => string.Create(
            CultureInfo.InvariantCulture,
            $"https://example.com/a/{(i % 2 == 0 ? "river" : "rivers")}/long/way/{i / 3}")),
        .. Enumerable.Range(0, 600).Select(static i =>
            Odd[i % Odd.Length] + Odd[i / 40 % Odd.Length]),
    ];

    // The texts of the entries that are left.
    private static string[] Find(
        LearnedIndex index, SegmentIndex segment, IndexRun run, string text, string[] texts)
    {
        (int start, int end) = run.Find([index.Keys[0].Encode(Value.Of(text))]);
        IndexTies.Narrow(index.Keys, segment, run, [Value.Of(text)], ref start, ref end);
        return [.. run.Ordinals.Span[start..end].ToArray().Select(ordinal => texts[ordinal])];
    }
}
