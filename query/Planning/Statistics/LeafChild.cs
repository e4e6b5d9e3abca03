namespace NeuroDb.Query;

/// <summary>What a further variable says of the rows of an input.</summary>
/// <param name="Bins">The bin of each row of the sample.</param>
/// <param name="RareBins">The bin of each of its <see cref="RareRows"/>.</param>
/// <param name="Partners">How many partners a row has, by bin.</param>
internal readonly record struct LeafChild(int[] Bins, int[] RareBins, double[] Partners);
