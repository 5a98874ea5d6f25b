using System.Security.Cryptography;

namespace ChurnEngine.Features;

/// <summary>Blocks of customers in a grouped folder: each is checked and opened when it is first asked for, so a slice of the customers reads only its part.</summary>
internal sealed class GroupedBlocks : CustomerBlocks
{
    private readonly string _folder;
    private readonly GroupedManifest _manifest;
    private readonly StoreShape[] _shapes;
    private readonly StoreShape? _labelShape;
    private readonly CustomerOrder _order;
    private readonly Lazy<CustomerBlock>[] _blocks;

    public GroupedBlocks(string folder, GroupedManifest manifest, FeaturePlan plan, CustomerOrder order)
    {
        (_folder, _manifest, _order) = (folder, manifest, order);
        _shapes = [.. plan.Layouts.Select((layout, table) => new StoreShape(layout, manifest.Tables[table].HasKnown))];
        int label = plan.Layouts.ToList().FindIndex(layout => layout.HasLabelEvents);
        _labelShape = label < 0 ? null : new StoreShape(null, manifest.Tables[label].HasKnown);
        _blocks = [.. Enumerable.Range(0, order.BlockCount).Select(block => new Lazy<CustomerBlock>(() => Open(block)))];
    }

    public override CustomerBlock this[int block] => _blocks[block].Value;

    public override bool AreInFile => true;

    public override void Dispose()
    {
        foreach (Lazy<CustomerBlock> block in _blocks.Where(block => block.IsValueCreated))
            block.Value.Dispose();
    }

    private CustomerBlock Open(int block)
    {
        string path = Path.Combine(_folder, _manifest.Blocks[block].Name);
        int firstCustomer = _order.BlockStart(block), customers = _order.BlockStart(block + 1) - firstCustomer;
        var stores = new TableStore?[_shapes.Length];
        try
        {
            using FileStream stream = OpenChecked(path, _manifest.Blocks[block]);
            var file = new BlockFileReader(stream.SafeFileHandle);
            for (int table = 0; table < stores.Length; table++)
                stores[table] = TableStore.ReadFrom(file, _shapes[table], firstCustomer, customers);
            return new CustomerBlock(stores!, _labelShape is null ? null : TableStore.ReadFrom(file, _labelShape, firstCustomer, customers));
        }
        catch (Exception failure)
        {
            foreach (TableStore? store in stores)
                store?.Dispose();
            if (failure is IOException or UnauthorizedAccessException)
                throw GroupedErrors.Damaged(_folder, path, failure.Message);
            throw;
        }
    }

    /// <summary>Opens a file whose length and content are those of the manifest.</summary>
    public static FileStream OpenChecked(string path, GroupedFile expected)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 20, FileOptions.SequentialScan);
        if (stream.Length == expected.Bytes && Convert.ToHexStringLower(SHA256.HashData(stream)) == expected.Sha256)
            return stream;
        stream.Dispose();
        throw new IOException("its content is not what was written");
    }
}
