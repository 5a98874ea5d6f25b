namespace ChurnEngine.Models;

/// <summary>A tree of thresholds with too many leaves to visit every node: rows walk down from the root, several at a time, on their codes.</summary>
internal sealed unsafe class CodeTree
{
    // So many walks are under way at once; each waits for its own node and code, none for another's.
    private const int Together = 8;

    private readonly AlignedArray<Node> _nodes;
    private readonly double[] _values;
    private readonly int _firstLeaf;

    /// <param name="tree">Without categories, with two leaves or more.</param>
    /// <param name="layout">Where codes lie.</param>
    /// <param name="encoder">Which column each test reads.</param>
    public CodeTree(DecisionTree tree, BlockLayout layout, RowEncoder encoder)
    {
        _values = tree.LeafValue;
        _firstLeaf = tree.NodeCount;
        _nodes = new AlignedArray<Node>(tree.NodeCount + tree.LeafCount);
        for (int i = 0; i < tree.NodeCount; i++)
        {
            (int column, sbyte test) = encoder.Numeric(tree.Feature[i]).Find(tree.Threshold[i], tree.MissingGoesLeft[i]);
            _nodes.Start[i] = new Node { Codes = layout.Codes(column), Test = test, Left = Place(tree.Left[i]), Right = Place(tree.Right[i]) };
        }
        // A leaf sends every row to itself, so that walks which are done wait for the others.
        for (int leaf = _firstLeaf; leaf < _nodes.Length; leaf++)
            _nodes.Start[leaf] = new Node { Codes = layout.Codes(0), Test = sbyte.MaxValue, Left = leaf, Right = leaf };
    }

    /// <summary>Adds the values of the leaves that rows end in.</summary>
    /// <param name="workspace">With codes of whole groups of 8 rows.</param>
    /// <param name="margins">[count] f64, and up to 7 more.</param>
    /// <param name="count">1 to 256.</param>
    public void Add(byte* workspace, double* margins, int count)
    {
        Node* nodes = _nodes.Start;
        int firstLeaf = _firstLeaf;
        for (int row = 0; row < count; row += Together)
        {
            byte* codes = workspace + row;
            int a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
            do
            {
                a = Next(nodes + a, codes);
                b = Next(nodes + b, codes + 1);
                c = Next(nodes + c, codes + 2);
                d = Next(nodes + d, codes + 3);
                e = Next(nodes + e, codes + 4);
                f = Next(nodes + f, codes + 5);
                g = Next(nodes + g, codes + 6);
                h = Next(nodes + h, codes + 7);
            }
            while (a < firstLeaf || b < firstLeaf || c < firstLeaf || d < firstLeaf || e < firstLeaf || f < firstLeaf || g < firstLeaf || h < firstLeaf);
            double* sums = margins + row;
            sums[0] += _values[a - firstLeaf];
            sums[1] += _values[b - firstLeaf];
            sums[2] += _values[c - firstLeaf];
            sums[3] += _values[d - firstLeaf];
            sums[4] += _values[e - firstLeaf];
            sums[5] += _values[f - firstLeaf];
            sums[6] += _values[g - firstLeaf];
            sums[7] += _values[h - firstLeaf];
        }
        GC.KeepAlive(_nodes);
    }

    private static int Next(Node* node, byte* codes) => (&node->Left)[(sbyte)codes[node->Codes] > node->Test ? 1 : 0];

    private int Place(int child) => child >= 0 ? child : _firstLeaf + ~child;

    private struct Node
    {
        public int Codes;
        public int Test;
        public int Left;
        public int Right;
    }
}
