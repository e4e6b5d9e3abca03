namespace NeuroDb.Query;

/// <summary>The operators between two operands.</summary>
internal enum BinaryOperator
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a * b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,

    /// <summary>a % b.</summary>
    Modulo,

    /// <summary>a || b.</summary>
    Concatenate,

    /// <summary>a &amp; b.</summary>
    BitwiseAnd,

    /// <summary>a | b.</summary>
    BitwiseOr,

    /// <summary>a &lt;&lt; b.</summary>
    ShiftLeft,

    /// <summary>a &gt;&gt; b.</summary>
    ShiftRight,

    /// <summary>a = b, a == b.</summary>
    Equal,

    /// <summary>a &lt;&gt; b, a != b.</summary>
    NotEqual,

    /// <summary>a &lt; b.</summary>
    Less,

    /// <summary>a &lt;= b.</summary>
    LessOrEqual,

    /// <summary>a &gt; b.</summary>
    Greater,

    /// <summary>a &gt;= b.</summary>
    GreaterOrEqual,

    /// <summary>a IS b, a IS NOT DISTINCT FROM b.</summary>
    IsNotDistinctFrom,

    /// <summary>a IS NOT b, a IS DISTINCT FROM b.</summary>
    IsDistinctFrom,

    /// <summary>a &lt;-&gt; b.</summary>
    L2Distance,

    /// <summary>a &lt;=&gt; b.</summary>
    CosineDistance,

    /// <summary>a &lt;#&gt; b.</summary>
    NegativeInnerProduct,

    /// <summary>a &lt;+&gt; b.</summary>
    L1Distance,

    /// <summary>a &lt;~&gt; b.</summary>
    HammingDistance,

    /// <summary>a &lt;%&gt; b.</summary>
    JaccardDistance,

    /// <summary>a -&gt; b: a member of JSON, as JSON.</summary>
    JsonMember,

    /// <summary>a -&gt;&gt; b: a member of JSON, as TEXT.</summary>
    JsonText,

    /// <summary>a #&gt; b: what lies at a path in JSON, as JSON.</summary>
    JsonPath,

    /// <summary>a #&gt;&gt; b: what lies at a path in JSON, as TEXT.</summary>
    JsonPathText,

    /// <summary>a @&gt; b: whether JSON holds other JSON.</summary>
    Contains,

    /// <summary>a &lt;@ b: whether JSON is held by other JSON.</summary>
    Contained,

    /// <summary>&amp;&amp;: whether arrays have an element in common.</summary>
    Overlaps,

    /// <summary>a @@ b: whether a text has all the words.</summary>
    HasWords,

    /// <summary>a AT TIME ZONE b.</summary>
    AtTimeZone,
}
