namespace NeuroDb.Bench;

/// <summary>
/// One row of the storage table: a figure of every store, the device's own where it applies, and
/// the goal.
/// </summary>
/// <param name="name">What is measured, with its unit.</param>
/// <param name="isRate">Whether more is better.</param>
/// <param name="goal">The goal in words.</param>
/// <param name="isReached">Whether the row reaches it; null where there is none.</param>
internal sealed class StorageRow(
    string name, bool isRate, string goal, Func<StorageRow, bool>? isReached)
{
    private readonly Dictionary<StoreKind, double> _values = [];

    /// <summary>The heading of the table.</summary>
    public static string[] Heading =>
    [
        "figure", "goal", .. StoreKind.All.Select(static kind => kind.Name),
        "device", "of device", "times best peer", "reached",
    ];

    /// <summary>What is measured.</summary>
    public string Name => name;

    /// <summary>What the device does by itself; NaN where nothing compares.</summary>
    public double Device { get; set; } = double.NaN;

    /// <summary>What stands in NeuroStore's cell if there is no figure.</summary>
    public string Missing { get; init; } = "-";

    /// <summary>NeuroStore's figure.</summary>
    public double Own => this[StoreKind.NeuroStore];

    /// <summary>NeuroStore's figure over the device's.</summary>
    public double OfDevice => Own / Device;

    /// <summary>
    /// How many times better NeuroStore is than the best peer; NaN without a peer.
    /// </summary>
    public double Ahead
    {
        get
        {
            double[] peers = [.. _values
                .Where(static pair => pair.Key != StoreKind.NeuroStore)
                .Select(static pair => pair.Value)
                .Where(double.IsFinite)];
            return peers.Length == 0 ? double.NaN
                : isRate ? Own / peers.Max()
                : peers.Min() / Own;
        }
    }

    /// <summary>The figure of a store; NaN without one.</summary>
    public double this[StoreKind kind]
    {
        get => _values.GetValueOrDefault(kind, double.NaN);
        set => _values[kind] = value;
    }

    /// <summary>The cells of the row.</summary>
    public string[] Cells()
    {
        string own = double.IsNaN(Own) ? Missing : Timing.Cell(Own);
        string verdict = isReached is null || double.IsNaN(Own) ? "-"
            : isReached(this) ? "yes" : "NO";
        return
        [
            name, goal, own, .. StoreKind.All[1..].Select(kind => Cell(this[kind])),
            Cell(Device), Cell(OfDevice), Cell(Ahead), verdict,
        ];
    }

    private static string Cell(double value) => double.IsNaN(value) ? "-" : Timing.Cell(value);
}
