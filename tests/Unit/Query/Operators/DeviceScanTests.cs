using NeuroDb.Gpu;
using NeuroDb.Query;
using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;
using ExecutionContext = NeuroDb.Query.ExecutionContext;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Exact searches on a device: a stand-in that computes as the processor does, keeps blocks by
/// their versions and may fail.
/// </summary>
public sealed class DeviceScanTests
{
    private const int Dimension = 24;

    [Fact]
    public void A_device_whose_memory_is_full_in_the_middle_costs_no_answer()
    {
        using var device = new StandInDevice { FailsAt = 2 };
        VectorPiece[] pieces = Pieces(3);
        float[] query = Row(new Random(99));
        var right = new FloatScan(
            Metric.L2, query, 10, Context(new CpuAccelerator(new InlineWorkers())));
        ExecutionContext context = Context(device);
        Candidate[] found = new FloatScan(Metric.L2, query, 10, context).Run(pieces);
        Assert.Equal(right.Run(pieces), found);
        Assert.Equal(10, found.Length);
        string notice = Assert.Single(context.Notices.Texts);
        Assert.Contains("out of memory", notice, StringComparison.Ordinal);
        device.FailsAt = int.MaxValue;
        ExecutionContext again = Context(device);
        Assert.Equal(found, new FloatScan(Metric.L2, query, 10, again).Run(pieces));
        Assert.Empty(again.Notices.Texts);
    }

    [Fact]
    public void Rows_are_sent_once_and_results_are_k_rows()
    {
        using var device = new StandInDevice();
        VectorPiece[] pieces = Pieces(4);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(
                7,
                new FloatScan(Metric.L2, Row(new Random(i)), 7, Context(device))
                    .Run(pieces).Length);
        }

        Assert.Equal(4 * 500, device.SentRowCount);
        Assert.Equal(5 * 7, device.GivenRowCount);
    }

    [Fact]
    public void Versions_go_with_segments_and_full_chunks_and_with_nothing_that_may_change()
    {
        var schema = new TableSchema
        {
            Name = "items",
            Columns = [new ColumnSchema("vec", DataType.VectorOf(Dimension))],
        };
        using var files = new SealingFixture();
        using StorageEngine engine = InMemory();
        using StorageTransaction maker = engine.Begin();
        TableEntry table = maker.CreateTable(schema);
        maker.Commit(Durability.Full);
        Insert(engine, table, schema, Limits.ChunkRowCount + 10);
        long[] inMemory = Versions(engine, table);
        Assert.True(inMemory[0] > 0);
        Assert.Equal(0, inMemory[1]);
        Assert.Equal(inMemory, Versions(engine, table));
        files.Seal(engine);
        long[] inSegment = Versions(engine, table);
        Assert.DoesNotContain(inMemory[0], inSegment);
        Assert.DoesNotContain(0, inSegment);
        Assert.Equal(inSegment.Length, inSegment.Distinct().Count());
        Insert(engine, table, schema, 5);
        Assert.Equal([.. inSegment, 0], Versions(engine, table));
    }

    [Fact]
    public void The_cheaper_of_device_and_processor_is_taken_and_the_other_tried_now_and_then()
    {
        const long Size = 1 << 20;
        var costs = new AcceleratorCosts();
        int[] uses = [0, 0];
        var spans = new[] { TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1) };
        Run(200);
        Assert.InRange(uses[1], 190, 198);
        (spans[0], spans[1]) = (spans[1], TimeSpan.FromMilliseconds(40));
        Run(200);
        uses = [0, 0];
        Run(200);
        Assert.InRange(uses[0], 195, 198);
        Assert.False(costs.IsForDevice(Size * 64));

        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                bool isDevice = costs.IsForDevice(Size);
                uses[isDevice ? 1 : 0]++;
                costs.Note(isDevice, Size, spans[isDevice ? 1 : 0]);
            }
        }
    }

    [Fact]
    public void An_automatic_choice_scans_where_it_was_faster_with_one_answer()
    {
        using var device = new StandInDevice();
        VectorPiece[] pieces = Pieces(2);
        var costs = new AcceleratorCosts();
        float[] query = Row(new Random(5));
        var answers = new List<Candidate[]>();
        for (int i = 0; i < 6; i++)
        {
            ExecutionContext context = Context(device, costs);
            answers.Add(new FloatScan(Metric.Cosine, query, 5, context).Run(pieces));
        }

        Assert.InRange(device.ScanCount, 2, 5);
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
    }

    private static long[] Versions(StorageEngine engine, TableEntry table)
    {
        using StorageTransaction reader = engine.Begin();
        TableSnapshot snapshot = reader.Open(table);
        return [.. Enumerable.Range(0, snapshot.PendingSlice)
            .Select(i => snapshot.Slice(i).VersionOf(0))];
    }

    private static void Insert(
        StorageEngine engine, TableEntry table, TableSchema schema, int count)
    {
        using StorageTransaction writer = engine.Begin();
        writer.Insert(table, Batch(schema,
        [
            .. Enumerable.Range(0, count).Select(
                i => new[] { Value.Of(Row(new Random(i)).AsMemory()) }),
        ]));
        writer.Commit(Durability.Full);
    }

    private static ExecutionContext Context(Accelerator device, AcceleratorCosts? costs = null) =>
        new()
        {
            Transaction = null!,
            Accelerator = new AcceleratorSelection(device, "chosen") { Costs = costs },
            Workers = new InlineWorkers(),
            Clock = TimeProvider.System,
            Notices = new NoticeList(),
            Parameters = [],
        };

    private static VectorPiece[] Pieces(int count)
    {
        var random = new Random(1);
        var pieces = new VectorPiece[count];
        for (int i = 0; i < count; i++)
        {
            var store = new FloatVectorStore(DataType.VectorOf(Dimension));
            store.Reserve(500);
            for (int row = 0; row < 500; row++)
            {
                Row(random).CopyTo(store.RowAt(row));
            }

            pieces[i] = new VectorPiece(
                store, 500, i * Limits.ChunkRowCount, [], IsSettled: true, store.Version);
        }

        return pieces;
    }

    private static float[] Row(Random random) =>
        [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle())];

    /// <summary>A device of the processor's kernels.</summary>
    private sealed class StandInDevice : Accelerator
    {
        private readonly HashSet<long> _kept = [];

        public int FailsAt { get; set; } = int.MaxValue;

        public int ScanCount { get; private set; }

        public long SentRowCount { get; private set; }

        public long GivenRowCount { get; private set; }

        public override string Name => "a stand-in";

        public override AcceleratorKind Kind => AcceleratorKind.Cuda;

        public override Candidate[] Scan(
            ScanQuery query, IReadOnlyList<VectorBlock> blocks, CancellationToken cancellation)
        {
            ScanCount++;
            var heap = new TopKHeap(query.K);
            for (int i = 0; i < blocks.Count; i++)
            {
                if (i >= FailsAt)
                {
                    throw new DeviceFailureException("out of memory");
                }

                bool isKept = blocks[i].Version != 0 && !_kept.Add(blocks[i].Version);
                SentRowCount += isKept ? 0 : blocks[i].Count;
                FusedScan.Run(query, blocks[i], heap);
            }

            Candidate[] found = query.ToResult(heap);
            GivenRowCount += found.Length;
            return found;
        }

        public override void Dispose() => _kept.Clear();
    }
}
