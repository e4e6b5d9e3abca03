namespace NeuroDb.Neural;

/// <summary>What a column of raw features holds.</summary>
internal enum ColumnKind
{
    /// <summary>Numbers; NaN stands for NULL.</summary>
    Number,

    /// <summary>Texts; null stands for NULL.</summary>
    Text,

    /// <summary>Vectors of one dimension; an empty one stands for NULL.</summary>
    Vector,

    /// <summary>Encoded images; null stands for NULL.</summary>
    Image,

    /// <summary>Encoded sound; null stands for NULL.</summary>
    Audio,
}
