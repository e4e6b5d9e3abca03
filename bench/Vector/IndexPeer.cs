using System.Globalization;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>The index of NeuroStore over vectors in one array, by the calls of SQL.</summary>
internal sealed class IndexPeer(VectorIndexOptions options) : IAnnPeer
{
    private static readonly float[] Reaches =
        [
            0.1f, 0.15f, 0.18f, 0.2f, 0.21f, 0.22f, 0.25f, 0.3f, 0.35f, 0.4f, 0.5f, 0.7f, 1, 1.5f,
            2.5f, float.PositiveInfinity,
        ];

    private static readonly float[] Confidences = [0.8f, 1.2f, 1.6f, 2f, 2.5f, 3f, 4f];

    private VectorPart? _part;
    private ArrayVectorRows? _rows;
    private VectorDial _dial;

    /// <inheritdoc/>
    public string Name => "NeuroStore index";

    /// <inheritdoc/>
    public string Family => "NeuroStore";

    /// <inheritdoc/>
    public int SettingCount => 1 + (Reaches.Length * Confidences.Length);

    /// <inheritdoc/>
    public bool BeginsGroup(int setting) =>
        setting == 0 || (setting - 1) % Confidences.Length == 0;

    /// <inheritdoc/>
    public double BytesPerVector => (double)_part!.SizeBytes / _rows!.Count;

    /// <summary>What the searches since the last setting did.</summary>
    public VectorSearchStatistics Statistics { get; private set; }

    /// <inheritdoc/>
    public void Build(float[] vectors, int dimension)
    {
        Memory<float> rows = LargePages.Allocate<float>(vectors.Length);
        vectors.CopyTo(rows);
        _rows = new ArrayVectorRows(rows, dimension, dimension);
        var workers = new SystemWorkers(1);
        VectorPart part = VectorPartBuilder.Build(
            workers, _rows, options, CancellationToken.None);
        _part = VectorCalibrator.Calibrate(
            workers, part, _rows, options.TargetRecall, options.Seed, CancellationToken.None);
    }

    /// <inheritdoc/>
    public string Use(int setting)
    {
        Statistics = default;
        if (setting == 0)
        {
            _dial = _part!.Dial;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"as calibrated: reach={_dial.Reach:F3} confidence={_dial.Confidence:F2}");
        }

        // As of the peers, a setting is all that decides how far a search goes.
        _dial = new VectorDial(
            Reaches[(setting - 1) / Confidences.Length],
            Confidences[(setting - 1) % Confidences.Length])
        {
            MissingMax = float.PositiveInfinity,
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"reach={_dial.Reach} confidence={_dial.Confidence}");
    }

    /// <inheritdoc/>
    public void Search(float[] query, long[] ids)
    {
        using var search = new VectorSearch(options.Metric, query, ids.Length);
        search.Run(_part!, _rows!, 0, null, _dial);
        Candidate[] found = search.Heap.ToSortedArray();
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = i < found.Length ? found[i].Id : -1;
        }

        VectorSearchStatistics all = Statistics;
        all.Lists += search.Statistics.Lists;
        all.Codes += search.Statistics.Codes;
        all.Reranked += search.Statistics.Reranked;
        Statistics = all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
