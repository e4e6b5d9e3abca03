namespace NeuroDb;

/// <summary>A primary key or unique key.</summary>
/// <param name="Name">The name of the constraint.</param>
/// <param name="Ordinals">The ordinals of its columns, in order.</param>
/// <param name="IsPrimary">Whether it is the primary key.</param>
internal sealed record KeySchema(string Name, int[] Ordinals, bool IsPrimary);
