namespace NeuroDb.Storage;

/// <summary>
/// How a query lies to the rows of a part, as its search found it: what tells whether it is of
/// their distribution. Distances are those of <see cref="RotatedQuery.DistanceOf"/>.
/// </summary>
/// <param name="Nearest">How far away the nearest row lies.</param>
/// <param name="Farthest">How far away the last of those wanted lies.</param>
/// <param name="Centroid">How far away the nearest centroid lies.</param>
/// <param name="Depth">
/// The same, measured by how far rows of its list lie from it: a query between groups of rows has
/// more than any row, one amid a group less.
/// </param>
/// <param name="Spread">
/// The last row measured by the centroid: a query amid rows has many of them around it, in many
/// lists, equally far away.
/// </param>
internal readonly record struct QueryDistances(
    float Nearest, float Farthest, float Centroid, float Depth, float Spread);
