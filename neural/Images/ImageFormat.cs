namespace NeuroDb.Neural;

/// <summary>The formats of images.</summary>
internal enum ImageFormat
{
    /// <summary>ISO/IEC 15948.</summary>
    Png,

    /// <summary>Uncompressed bitmaps.</summary>
    Bmp,

    /// <summary>PBM, PGM and PPM.</summary>
    Pnm,

    /// <summary>ITU T.81.</summary>
    Jpeg,
}
